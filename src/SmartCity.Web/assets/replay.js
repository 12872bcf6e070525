// A whole regency takes a while: it is counted beside the page, which tells how far it has come and can stop it.
const whole = document.getElementById('seluruh');
if (whole) {
  const part = id => document.getElementById(id);
  const [result, bar, number, content] = ['hasil', 'kemajuan', 'angka', 'isi-hasil'].map(part);
  let stop;
  part('batal').addEventListener('click', () => stop?.abort());
  whole.addEventListener('click', async click => {
    click.preventDefault();
    stop?.abort();
    const mine = stop = new AbortController();
    const query = new URLSearchParams();
    for (const [field, name] of [['sampai', 'asOf'], ['sejak', 'since']]) {
      const value = whole.form.elements[field].value;
      // On the clock of the regency, not of the browser.
      if (value) query.set(name, value + whole.dataset.offset);
    }
    result.hidden = false;
    content.replaceChildren();
    bar.hidden = false;
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
        bar.hidden = true;
        number.textContent = failure.name === 'AbortError' ? '' : whole.dataset.failed;
      }
    }
  });

  const line = (list, text) => { list.appendChild(document.createElement('li')).textContent = text; };
  const show = replay => {
    bar.hidden = true;
    number.textContent = '';
    const list = document.createElement('ul');
    line(list, `${whole.dataset.events}: ${replay.events}`);
    line(list, `${whole.dataset.tree}: ${replay.treeSize}`);
    line(list, `${whole.dataset.open}: ${replay.openReports}`
      + Object.entries(replay.openByDepartment).map(([code, count]) => `, ${code || whole.dataset.none} ${count}`).join(''));
    for (const { kind, count, byState } of replay.kinds) {
      line(list, `${kind}: ${count}${Object.entries(byState).map(([state, many]) => `, ${state} ${many}`).join('')}`);
    }
    for (const change of replay.changes) line(list, change[whole.dataset.language]);
    content.replaceChildren(list);
  };
}
