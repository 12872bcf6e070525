// A whole regency takes a while: it is counted beside the page, which tells how far it has come and can stop it.
const whole = document.getElementById('seluruh');
if (whole) {
  const part = id => document.getElementById(id);
  const [result, bar, number, content] = ['hasil', 'kemajuan', 'angka', 'isi-hasil'].map(part);
  let stop;
  const cancel = part('batal');
  cancel.addEventListener('click', () => stop?.abort());
  whole.addEventListener('click', click => {
    click.preventDefault();
    count(whole.form.elements.posisi.value);
  });

  const count = async position => {
    stop?.abort();
    const mine = stop = new AbortController();
    const query = new URLSearchParams();
    for (const [field, name] of [['sampai', 'asOf'], ['sejak', 'since']]) {
      const value = whole.form.elements[field].value;
      // On the clock of the regency, not of the browser.
      if (value) query.set(name, value + whole.dataset.offset);
    }
    if (position) query.set('position', position);
    result.hidden = false;
    content.replaceChildren();
    bar.hidden = cancel.hidden = false;
    bar.removeAttribute('value');
    try {
      const answer = await fetch(`${whole.dataset.address}?${query}`, { headers: { Accept: 'application/x-ndjson' }, signal: mine.signal });
      if (!answer.ok) throw new Error(answer.status);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ''; ;) {
        const { done, value } = await reader.read();
        if (done) break;
        const lines = (rest + value).split('\n');
        rest = lines.pop();
        for (const line of lines) {
          const { progress, replay } = JSON.parse(line);
          if (progress) {
            bar.value = progress.of ? Math.min(1, progress.done / progress.of) : 1;
            number.textContent = `${progress.done} / ${progress.of}`;
          }
          if (replay) show(replay);
        }
      }
    } catch (failure) {
      if (mine === stop) {
        bar.hidden = cancel.hidden = true;
        number.textContent = failure.name === 'AbortError' ? '' : whole.dataset.failed;
      }
    }
  };

  // Step by step through all events of the regency.
  const step = (steps, label, position) => {
    const button = steps.appendChild(document.createElement('button'));
    button.type = 'button';
    button.className = 'plain';
    button.textContent = label;
    button.disabled = !position;
    button.addEventListener('click', () => count(position));
  };

  const line = (list, text) => { list.appendChild(document.createElement('li')).textContent = text; };
  const show = replay => {
    bar.hidden = cancel.hidden = true;
    number.textContent = '';
    const list = document.createElement('ul');
    line(list, `${whole.dataset.events}: ${replay.events}`);
    line(list, `${whole.dataset.tree}: ${replay.treeSize}`);
    line(list, `${whole.dataset.open}: ${replay.openReports}`
      + Object.entries(replay.openByDepartment).map(([code, count]) => `, ${code || whole.dataset.none} ${count}`).join(''));
    for (const kind of replay.kinds) line(list, kind[whole.dataset.language]);
    const steps = document.createElement('p');
    step(steps, `← ${whole.dataset.back}`, replay.previous);
    steps.append(` ${whole.dataset.position} ${replay.position} `);
    step(steps, `${whole.dataset.forward} →`, replay.next);
    content.replaceChildren(steps, list);
    if (replay.changes.length) {
      content.appendChild(document.createElement('h3')).textContent = whole.dataset.changes;
      const changes = content.appendChild(document.createElement('ul'));
      for (const change of replay.changes) line(changes, change[whole.dataset.language]);
    }
  };
}
