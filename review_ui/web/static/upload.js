// Upload: one request per file, then ask for the state, slower and slower while nothing changes.
const form = document.getElementById('upload');
const input = document.getElementById('files');
const drop = document.getElementById('drop');
const list = document.getElementById('progress');
const token = document.querySelector('meta[name=csrf]').content;
const FIRST = 800;
const SLOWEST = 15000;
let wait = FIRST;
let timer = 0;

document.body.classList.add('js');

function line(name) {
  const item = document.createElement('li');
  for (const kind of ['name', 'pill', 'detail']) {
    const part = document.createElement('span');
    part.className = kind;
    item.append(part);
  }
  item.append(document.createElement('a'));
  item.children[0].textContent = name;
  list.prepend(item);
  document.getElementById('none').hidden = true;
  return item;
}

function show(item, state) {
  item.children[1].textContent = state.state;
  item.children[1].className = 'pill ' + state.kind;
  item.children[2].textContent = state.detail;
  if (state.link) {
    item.children[3].href = state.link;
    item.children[3].textContent = '查看';
  }
  if (state.kind === 'stop') item.children[0].textContent = '文件 ' + item.dataset.no;
}

async function send(file) {
  const item = line(file.name);
  show(item, { state: '上传', kind: 'wait', detail: '' });
  const body = new FormData();
  body.append('files', file);
  try {
    const answer = await fetch(form.action, { method: 'POST', body, headers: { 'X-CSRFToken': token, Accept: 'application/json' } });
    if (answer.status === 401) {
      show(item, { state: '未接收', kind: 'bad', detail: '登录已过期，请重新登录后上传。' });
      return;
    }
    const said = await answer.json();
    if (said.cases && said.cases.length) {
      item.dataset.no = said.cases[0];
      item.dataset.open = '';
      show(item, { state: '排队', kind: 'wait', detail: '' });
      wait = FIRST;
      schedule();
      return;
    }
    show(item, { state: '未接收', kind: 'bad', detail: said.advice || '文件名过长或无效，请改名后重新上传。' });
  } catch (error) {
    show(item, { state: '未接收', kind: 'bad', detail: '网络中断，请重新上传。' });
  }
}

async function take(files) {
  for (const file of Array.from(files)) await send(file);
}

async function poll() {
  timer = 0;
  const open = Array.from(list.querySelectorAll('li[data-open]'));
  if (!open.length) return;
  const query = open.map((item) => 'no=' + encodeURIComponent(item.dataset.no)).join('&');
  try {
    const answer = await fetch(form.dataset.states + '?' + query, { headers: { Accept: 'application/json' } });
    const states = await answer.json();
    for (const item of open) {
      const state = states[item.dataset.no];
      if (!state) continue;
      if (item.children[1].textContent !== state.state) wait = FIRST;
      show(item, state);
      if (state.done) delete item.dataset.open;
    }
  } catch (error) {
    wait = SLOWEST;
  }
  wait = Math.min(wait * 1.4, SLOWEST);
  schedule();
}

function schedule() {
  if (!timer) timer = window.setTimeout(poll, wait);
}

input.addEventListener('change', () => {
  take(input.files).then(() => { input.value = ''; });
});
form.addEventListener('submit', (event) => event.preventDefault());
for (const kind of ['dragover', 'dragenter']) drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add('over'); });
for (const kind of ['dragleave', 'drop']) drop.addEventListener(kind, () => drop.classList.remove('over'));
drop.addEventListener('drop', (event) => { event.preventDefault(); take(event.dataTransfer.files); });
schedule();
