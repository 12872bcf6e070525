// Small help for forms; each works without it.
'use strict';
document.documentElement.classList.add('scripted');

// A form is sent once; coming back to it with the browser's button makes it usable again.
for (const form of document.querySelectorAll('form[data-once]')) {
  const button = form.querySelector('button[data-sending], button:not([formaction])');
  if (!button) continue;
  const words = button.textContent;
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = 'yes';
    button.disabled = true;
    button.textContent = button.dataset.sending ?? words;
  });
  window.addEventListener('pageshow', () => {
    delete form.dataset.sent;
    button.disabled = false;
    button.textContent = words;
  });
}

document.getElementById('kesalahan')?.focus();

// A ready text goes into the field below it; after what somebody typed there, in place of another ready text.
for (const ready of document.querySelectorAll('select[data-ready-for]')) {
  const field = document.getElementById(ready.dataset.readyFor);
  let filled = '';
  ready.addEventListener('change', () => {
    if (!ready.value) return;
    field.value = field.value.trim() && field.value !== filled ? `${field.value.trimEnd()}\n\n${ready.value}` : ready.value;
    filled = field.value;
    ready.value = '';
    field.focus();
  });
}

// The questions of the chosen category; what is hidden is not sent.
const category = document.getElementById('kategori');
const showQuestions = () => {
  for (const questions of document.querySelectorAll('fieldset[data-category]')) {
    questions.hidden = questions.disabled = questions.dataset.category !== category.value;
  }
};
category?.addEventListener('change', showQuestions);
if (category) window.addEventListener('pageshow', showQuestions);

// Shows chosen photos, and says at once what the server would refuse.
const photos = document.getElementById('foto');
photos?.addEventListener('change', () => {
  const list = document.getElementById('pratinjau');
  for (const image of list.querySelectorAll('img')) URL.revokeObjectURL(image.src);
  list.replaceChildren();
  const files = [...photos.files];
  const { maxCount, maxBytes, tooMany, tooLarge } = photos.dataset;
  const faults = files.filter((file) => file.size > +maxBytes).map((file) => tooLarge + file.name);
  if (files.length > +maxCount) faults.push(tooMany);
  photos.setCustomValidity(faults.join(' '));
  for (const fault of faults) {
    const item = list.appendChild(document.createElement('li'));
    item.className = 'fault';
    item.textContent = fault;
  }

  for (const file of files.slice(0, +maxCount)) {
    const image = document.createElement('img');
    image.alt = file.name;
    image.src = URL.createObjectURL(file);
    image.addEventListener('error', () => image.closest('li').remove());
    list.appendChild(document.createElement('li')).appendChild(image);
  }
});

// While somebody writes, suggests a category; the form works the same without.
const saran = document.getElementById('saran');
const text = document.getElementById('uraian');
if (saran && text && category) {
  let timer, asked;
  const suggest = async () => {
    const value = text.value.trim();
    if (value.length < 15 || value === asked) return;
    asked = value;
    let found;
    try {
      const answer = await fetch(saran.dataset.address, {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text: value, channel: 'web' }),
      });
      found = answer.ok ? await answer.json() : null;
    } catch { return; }
    if (!found || value !== text.value.trim()) return;
    saran.replaceChildren();
    if (found.isEmergency) {
      saran.appendChild(document.createElement('strong')).textContent = saran.dataset.urgent;
      saran.append(' ');
    }
    const best = (found.categories ?? []).filter((c) => c.confidence >= 0.2 && category.querySelector(`option[value="${CSS.escape(c.code)}"]`)).slice(0, 3);
    if (best.length && !category.value) {
      saran.append(saran.dataset.seems + ' ');
      for (const one of best) {
        const button = document.createElement('button');
        button.type = 'button';
        button.className = 'plain';
        button.textContent = one.name;
        button.setAttribute('aria-label', `${saran.dataset.take}: ${one.name}`);
        button.addEventListener('click', () => {
          category.value = one.code;
          showQuestions();
          saran.hidden = true;
          category.focus();
        });
        saran.append(button, ' ');
      }
    }
    saran.hidden = !saran.childNodes.length;
  };
  text.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(suggest, 700); });
  text.addEventListener('change', suggest);
}
