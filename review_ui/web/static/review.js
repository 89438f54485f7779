// The review page: move through findings, judge them, choose, submit. Everything also has a visible button.
const form = document.getElementById('decide');
const items = Array.from(document.querySelectorAll('#findings li'));
const help = document.getElementById('help');
const token = document.querySelector('meta[name=csrf]').content;
const submit = document.getElementById('submit');
const viewed = new Set();
let current = -1;

document.body.classList.add('js');

function marksOf(id) { return Array.from(document.querySelectorAll('mark[data-ids~="' + id + '"]')); }

function focusOn(index) {
  if (index < 0 || index >= items.length) return;
  for (const old of document.querySelectorAll('.current')) old.classList.remove('current');
  current = index;
  const item = items[index];
  item.classList.add('current');
  item.scrollIntoView({ block: 'nearest' });
  const marks = marksOf(item.dataset.id);
  for (const mark of marks) mark.classList.add('current');
  if (marks.length) marks[0].scrollIntoView({ block: 'center' });
  look(item);
}

function look(item) {
  viewed.add(item.dataset.id);
  item.classList.add('viewed');
  if (form) form.elements.viewed.value = Array.from(viewed).join(' ');
  count();
}

function unviewed() { return items.filter((item) => 'high' in item.dataset && !viewed.has(item.dataset.id)); }

function count() {
  const left = unviewed();
  document.getElementById('unviewed').textContent = left.length ? '未看重点 ' + left.length + ' 处' : (items.length ? '重点已看完' : '');
  if (!submit) return;
  const stop = document.getElementById('stopline');
  submit.disabled = left.length > 0;
  stop.hidden = left.length === 0;
  if (left.length) {
    const words = left[0].querySelector('q');
    stop.textContent = '还有 ' + left.length + ' 处重点命中未看（按 J 键或点击查看）' + (words ? '：' + words.textContent : '');
  }
}

function nextUnviewed(step) {
  const left = new Set(unviewed());
  for (let hop = 1; hop <= items.length; hop += 1) {
    const index = (current + step * hop + items.length * 2) % items.length;
    if (left.has(items[index])) return index;
  }
  return -1;
}

// judging
async function judge(item, verdict) {
  const box = item.querySelector('.judge');
  if (!box) return;
  const body = new FormData();
  body.append('verdict', verdict);
  const answer = await fetch(box.querySelector('button').formAction, { method: 'POST', body, headers: { 'X-CSRFToken': token, Accept: 'application/json' } });
  if (!answer.ok) { say('没有保存，请刷新后重试'); return; }
  const said = await answer.json();
  form.elements.content.value = said.content;
  for (const button of box.querySelectorAll('button')) button.setAttribute('aria-pressed', String(button.value === verdict));
  item.classList.toggle('false', verdict === 'false');
  const fate = box.querySelector('.hint');
  if (fate) fate.textContent = said.masked.includes(Number(item.dataset.id)) ? '发布时遮蔽' : '发布时不遮蔽';
  const asks = item.querySelector('.asks');
  if (asks) asks.hidden = !said.undecided.includes(Number(item.dataset.id));
  look(item);
}

// drafts
let typed = '';
function say(words) { const place = document.getElementById('saved'); if (place) place.textContent = words; }
function snapshot() {
  const data = new FormData(form);
  for (const name of ['csrf_token', 'version', 'content']) data.delete(name);
  return new URLSearchParams(data).toString();
}
async function save(always) {
  if (!form || !submit) return;
  const now = snapshot();
  if (now === typed && !always) return;
  try {
    const answer = await fetch(form.dataset.draft, { method: 'POST', body: new FormData(form), headers: { 'X-CSRFToken': token, Accept: 'application/json' } });
    if (answer.status === 401) { say('登录已过期：请在新窗口登录，再按存草稿，内容仍在本页'); return; }
    if (!answer.ok) throw new Error();
    typed = now;
    const time = new Date();
    say('草稿已保存 ' + [time.getHours(), time.getMinutes(), time.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':'));
  } catch (error) {
    say('草稿没有保存，请检查网络，内容仍在本页');
  }
}

function choose(value) {
  const box = form && form.querySelector('input[name=choice][value=' + value + ']');
  if (!box) return;
  box.checked = true;
  box.dispatchEvent(new Event('change', { bubbles: true }));
}

function showBasis() {
  const basis = form.querySelector('.basis');
  const picked = form.querySelector('input[name=choice]:checked');
  if (basis) basis.classList.toggle('asked', Boolean(picked) && picked.value === basis.dataset.for);
}

const KEYS = {
  KeyJ: () => focusOn(current + 1),
  KeyK: () => focusOn(current - 1),
  KeyY: () => current >= 0 && judge(items[current], 'real'),
  KeyN: () => current >= 0 && judge(items[current], 'false'),
  KeyR: () => current >= 0 && items[current].querySelector('button[value=mask]') && judge(items[current], 'mask'),
  KeyE: () => { const law = current >= 0 && items[current].querySelector('details'); if (law) law.open = !law.open; },
  Digit1: () => choose('active'),
  Digit2: () => choose('on_request'),
  Digit3: () => choose('withheld'),
  Digit4: () => choose('refer_up'),
};

function writing(target) { return Boolean(target.closest && target.closest('textarea, select, input:not([type=radio]):not([type=checkbox])')); }

// Matched on event.code: under an input method the browser reports key = Process.
document.addEventListener('keydown', (event) => {
  if (event.isComposing) return;
  if (event.ctrlKey && event.code === 'Enter') {
    event.preventDefault();
    if (submit && !submit.disabled) submit.click();
    return;
  }
  if (event.ctrlKey && event.code === 'KeyS' && submit) { event.preventDefault(); save(true); return; }
  if (event.code === 'Escape') { help.hidden = true; return; }
  if (event.ctrlKey || event.altKey || event.metaKey || writing(event.target)) return;
  if (form && !('keys' in form.dataset)) return;
  if (event.code === 'Slash' && event.shiftKey) { help.hidden = !help.hidden; return; }
  if (event.shiftKey && (event.code === 'KeyJ' || event.code === 'KeyK')) { focusOn(nextUnviewed(event.code === 'KeyJ' ? 1 : -1)); return; }
  if (!event.shiftKey && KEYS[event.code]) { event.preventDefault(); KEYS[event.code](); }
});

document.getElementById('text').addEventListener('click', (event) => {
  const mark = event.target.closest('mark');
  if (!mark) return;
  const ids = mark.dataset.ids.split(' ');
  focusOn(items.findIndex((item) => ids.includes(item.dataset.id)));
});
for (const [index, item] of items.entries()) {
  item.querySelector('.go').addEventListener('click', (event) => { event.preventDefault(); focusOn(index); });
  const box = item.querySelector('.judge');
  if (box) for (const button of box.querySelectorAll('button')) button.addEventListener('click', (event) => { event.preventDefault(); judge(item, button.value); });
}
document.getElementById('help-close').addEventListener('click', () => { help.hidden = true; });
const opener = document.getElementById('help-open');
if (opener) opener.addEventListener('click', () => { help.hidden = false; });
if (form) {
  for (const id of form.elements.viewed.value.split(' ')) viewed.add(id);
  for (const item of items) if (viewed.has(item.dataset.id)) item.classList.add('viewed');
  if (submit) {
    form.addEventListener('change', () => { showBasis(); save(false); });
    form.addEventListener('focusout', () => save(false));
    document.getElementById('save').addEventListener('click', () => save(true));
    window.setInterval(() => save(false), 5000);
    showBasis();
    typed = snapshot();
  }
}
count();
