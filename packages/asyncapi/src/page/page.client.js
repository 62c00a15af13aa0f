// What the page does beyond being read: search, copying, the menu on small screens, and the place in the contents.
const find = document.getElementById('find');
const nav = document.getElementById('nav');
const menu = document.getElementById('menu');
const none = document.getElementById('none');
const entries = [...nav.querySelectorAll('[data-find]')];
const groups = [...nav.querySelectorAll('details')];
const wasOpen = groups.map((group) => group.open);

function search() {
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  let matches = 0;
  for (const entry of entries) {
    entry.hidden = !words.every((word) => entry.dataset.find.includes(word));
    if (!entry.hidden) matches += 1;
  }
  groups.forEach((group, place) => {
    group.hidden = !group.querySelector('[data-find]:not([hidden])');
    group.open = words.length > 0 || wasOpen[place];
  });
  nav.classList.toggle('searching', words.length > 0);
  none.hidden = matches > 0;
  if (words.length > 0) show(true);
}

function show(open) {
  menu.setAttribute('aria-expanded', String(open));
  document.body.classList.toggle('menu-open', open);
}

document.body.classList.add('scripted');
menu.hidden = false;
menu.addEventListener('click', () => show(menu.getAttribute('aria-expanded') === 'false'));
nav.addEventListener('click', (event) => {
  if (event.target.closest('a')) show(false);
});
find.addEventListener('input', search);
find.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') nav.querySelector('[data-find]:not([hidden]) a')?.click();
});
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement !== find) {
    event.preventDefault();
    find.focus();
  }
  if (event.key === 'Escape') show(false);
});

async function copy(button) {
  const code = button.parentElement.querySelector('pre');
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.firstChild.data = '已复制 Copied';
  } catch {
    // No clipboard outside https and localhost: the text is at least marked.
    getSelection().selectAllChildren(code);
    button.firstChild.data = '已选中 Selected';
  }
  setTimeout(() => (button.firstChild.data = '复制 Copy'), 2000);
}

for (const button of document.querySelectorAll('button.copy')) {
  button.hidden = false;
  button.addEventListener('click', () => void copy(button));
}

const links = new Map([...nav.querySelectorAll('a')].map((link) => [link.getAttribute('href').slice(1), link]));
const inView = new Set();
const observer = new IntersectionObserver(
  (changes) => {
    for (const { target, isIntersecting } of changes) inView[isIntersecting ? 'add' : 'delete'](target);
    const first = places.find((place) => inView.has(place));
    if (first === undefined) return;
    nav.querySelector('[aria-current]')?.removeAttribute('aria-current');
    const link = links.get(first.id || first.parentElement.id);
    if (link === undefined) return;
    link.setAttribute('aria-current', 'true');
    link.closest('details')?.setAttribute('open', '');
    // Not scrollIntoView: that would move the page as well.
    const [at, frame] = [link.getBoundingClientRect(), nav.getBoundingClientRect()];
    if (at.top < frame.top || at.bottom > frame.bottom) nav.scrollTop += at.top - frame.top - frame.height / 3;
  },
  { rootMargin: '-64px 0px -70% 0px' },
);
const places = [...document.querySelectorAll('.topic > header, article.event')];
for (const place of places) observer.observe(place);
