const svg = 'http://www.w3.org/2000/svg';

/** Lines on a 24 by 24 field, drawn for this page: emoji are not on every machine. */
const paths = {
  picture: 'M4 5h16v14H4zM4 16l4.5-4.5L12 15l3-3 5 5M15.5 9h.01',
  voice:
    'M12 4a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4zM6 11.5a6 6 0 0 0 12 0M12 17.5V21M9 21h6',
  place:
    'M12 21s-6.5-5.6-6.5-10.7a6.5 6.5 0 0 1 13 0C18.5 15.4 12 21 12 21zM12 12.5a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1',
  scan: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5M8 8h3v3H8zM13 13h3v3h-3zM13.5 8.5h2M8.5 14v2',
  chat: 'M4 5h16v11H11l-4.5 3.5V16H4zM8 9.5h8M8 12.5h5',
  bell: 'M6.5 17v-6a5.5 5.5 0 0 1 11 0v6l1.5 1.5H5zM10.5 21h3M12 3.5v2',
  bag: 'M5.5 8h13l1 12h-15zM9 10.5V7a3 3 0 0 1 6 0v3.5',
  list: 'M6 4h12v16l-2.4-1.6L13.2 20l-2.4-1.6L8.4 20 6 18.4zM9 9h6M9 13h6',
  ticket: 'M4 7h16v3.2a1.9 1.9 0 0 0 0 3.6V17H4v-3.2a1.9 1.9 0 0 0 0-3.6zM14 9v.01M14 12v.01M14 15v.01',
  back: 'M14.5 5.5 8 12l6.5 6.5',
  close: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  next: 'M9.5 6l6 6-6 6',
  sound: 'M5 10v4h3l4 3.5v-11L8 10zM15.5 9.5a3.5 3.5 0 0 1 0 5M17.7 7a7 7 0 0 1 0 10',
};

/** A picture for the eye only: the text beside it says the same. */
export function icon(name) {
  const element = document.createElementNS(svg, 'svg');
  element.setAttribute('viewBox', '0 0 24 24');
  element.setAttribute('aria-hidden', 'true');
  element.classList.add('line-icon');
  const path = document.createElementNS(svg, 'path');
  path.setAttribute('d', paths[name]);
  element.append(path);
  return element;
}
