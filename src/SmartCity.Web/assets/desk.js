// Whoever has the desk open hears of an emergency without loading it anew.
const alarm = document.getElementById('darurat');
if (alarm) {
  const known = new Set(alarm.dataset.known.split(' '));
  const title = document.title;
  let first = true;
  const look = async () => {
    let page;
    try {
      const answer = await fetch(alarm.dataset.address);
      page = answer.ok ? await answer.json() : null;
    } catch { return; }
    for (const { ticket } of page?.reports ?? []) {
      if (known.has(ticket)) continue;
      known.add(ticket);
      // What was there when the page was made, and somebody is at work on.
      if (first) continue;
      alarm.className = 'alarm';
      const link = document.createElement('a');
      link.href = alarm.dataset.report + ticket;
      link.textContent = ticket;
      const line = alarm.appendChild(document.createElement('p'));
      line.append(alarm.dataset.new + ' ', link);
      document.title = '(!) ' + title;
    }
    first = false;
  };
  look();
  setInterval(look, 20000);
}
