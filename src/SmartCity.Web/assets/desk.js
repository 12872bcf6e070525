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

// Whoever has the page of messages open sees a new alert without loading it anew.
const alerts = document.getElementById('peringatan');
if (alerts) {
  const known = new Set(alerts.dataset.known.split(' '));
  const list = alerts.querySelector('ul');
  const title = document.title;
  setInterval(async () => {
    let shown;
    try {
      const answer = await fetch(alerts.dataset.address);
      shown = answer.ok ? await answer.json() : [];
    } catch { return; }
    // Newest first, so the newest ends on top.
    for (const { about, isIncident, text } of shown.filter((alert) => !known.has(alert.about)).reverse()) {
      known.add(about);
      alerts.querySelector('.empty')?.remove();
      const line = document.createElement('li');
      line.className = 'urgent';
      const link = document.createElement('a');
      link.href = (isIncident ? alerts.dataset.incident : alerts.dataset.report) + encodeURIComponent(about);
      link.textContent = text;
      line.append(link, ' ' + alerts.dataset.new);
      list.prepend(line);
      document.title = '(!) ' + title;
    }
  }, 20000);
}
