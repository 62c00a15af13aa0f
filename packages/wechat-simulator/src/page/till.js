import { whyNot } from './coupon-words.js';
import { byId, h, redraw } from './dom.js';
import { refreshEvents } from './events.js';
import { fenOf, price } from './money.js';
import { newKey, redeem } from './shop-api.js';
import { trouble } from './shop-parts.js';
import { exactTime } from './times.js';
import { known, onLanguage, spoken, t } from './words.js';

const resultsKept = 20;
const payload = /^lingquan:coupon:/;

const form = {
  code: '',
  shop: localStorage.getItem('till-shop') ?? 'S001',
  cashier: localStorage.getItem('till-cashier') ?? 'C01',
  sum: '',
};
/** Newest first: `{ at, code, outcome }` or `{ at, code, error }`. */
let results = [];
let busy = false;
let note;
/** The last request and its key: pressed again without an answer, it is the same redemption. */
let last = { content: '', key: '' };

/** The request, or undefined with `note` saying what is missing. */
function requestOf() {
  const code = form.code.trim();
  const shop = form.shop.trim();
  const cashier = form.cashier.trim();
  const amountFen = form.sum.trim() === '' ? null : fenOf(form.sum);
  note = undefined;
  if (code === '' || shop === '' || cashier === '') note = t('tillFill');
  else if (amountFen === undefined) note = t('tillWrongSum');
  if (note !== undefined) return undefined;
  const what = payload.test(code) ? { qr: code } : { code };
  return { ...what, shop, cashier, ...(amountFen === null ? {} : { amountFen }) };
}

async function send() {
  const request = requestOf();
  if (request === undefined || busy) return render();
  const content = JSON.stringify(request);
  if (last.content !== content) last = { content, key: newKey() };
  localStorage.setItem('till-shop', request.shop);
  localStorage.setItem('till-cashier', request.cashier);
  busy = true;
  render();
  const result = { at: Date.now(), code: form.code.trim().replace(payload, '') };
  try {
    result.outcome = await redeem({ ...request, idempotencyKey: last.key });
    if (result.outcome.outcome !== undefined) last = { content: '', key: '' }; // else the same is asked again
    if (result.outcome.outcome === 'redeemed') Object.assign(form, { code: '', sum: '' });
    void refreshEvents();
  } catch (error) {
    result.error = error;
    if (error.status > 0 && error.status < 500) last = { content: '', key: '' };
  }
  busy = false;
  results = [result, ...results].slice(0, resultsKept);
  render();
  byId(result.outcome?.reason === 'amount_needed' ? 'till-sum' : 'till-code').focus({ preventScroll: true });
  byId('till').querySelector('.till-result').scrollIntoView({ block: 'nearest' });
  return undefined;
}

/** Takes the code that the phone beside the till holds up. */
function scanPhone() {
  const shown = document.querySelector('#shop:not([hidden]) .code-large')?.dataset.code;
  note = shown === undefined ? t('tillNothing') : undefined;
  if (shown !== undefined) form.code = `lingquan:coupon:${shown}`;
  render();
}

function resultCard({ at, code, outcome, error }, isNewest) {
  const live = isNewest ? { role: 'status' } : {};
  if (error !== undefined) {
    const box = trouble(error, { prefix: 'hint_till' });
    if (!isNewest) box.removeAttribute('role');
    return h(
      'li',
      { class: 'till-result bad' },
      h('b', {}, t('tillFailed')),
      box,
      error.status === 0 ? h('p', { class: 'muted' }, t('tillRepeat')) : null,
    );
  }
  const good = outcome.outcome === 'redeemed';
  const title = outcome.outcome === undefined ? 'tillPending' : good ? 'tillRedeemed' : 'tillRefused';
  return h(
    'li',
    { class: good ? 'till-result good' : 'till-result bad', ...live },
    h('b', {}, t(title)),
    good ? h('strong', {}, price(outcome.worthFen)) : null,
    h('p', {}, good ? outcome.campaignName : outcome.outcome === undefined ? t('tillRepeat') : wordsOf(outcome)),
    h('p', { class: 'muted' }, h('code', {}, outcome.code || code), h('time', {}, exactTime(at))),
  );
}

const wordsOf = ({ message, reason, ...more }) =>
  known(`why_${reason}`) || !message ? whyNot({ reason, ...more }) : spoken(message);

function field(name, label, props = {}) {
  const id = `till-${name}`;
  const input = h('input', { type: 'text', id, 'data-key': id, autocomplete: 'off', spellcheck: 'false', ...props });
  input.value = form[name];
  input.addEventListener('input', () => (form[name] = input.value));
  return h('p', { class: `field till-${name}` }, h('label', { for: id }, t(label)), input);
}

function render() {
  const submit = (event) => {
    event.preventDefault();
    void send();
  };
  redraw(
    byId('till'),
    h(
      'form',
      { class: 'till-form', onsubmit: submit },
      field('code', 'tillCode', { placeholder: t('tillCodeHint'), maxlength: 200 }),
      h('button', { type: 'button', class: 'plain', 'data-key': 'scan', onclick: scanPhone }, t('tillScan')),
      field('shop', 'tillShop', { maxlength: 64 }),
      field('cashier', 'tillCashier', { maxlength: 64 }),
      field('sum', 'tillAmount', { placeholder: t('tillAmountHint'), inputmode: 'decimal', maxlength: 12 }),
      h('button', { class: 'primary', 'data-key': 'redeem', disabled: busy }, t(busy ? 'tillWorking' : 'tillRedeem')),
    ),
    note === undefined ? null : h('p', { class: 'bad-text', role: 'alert' }, note),
    h(
      'ol',
      { class: 'till-results' },
      results.map((result, index) => resultCard(result, index === 0)),
    ),
  );
}

/** The till: a code goes in, what it is worth or why not comes out. `open` shows the panel. */
export function showTill(open) {
  document.addEventListener('till:scan', ({ detail }) => {
    form.code = detail;
    note = undefined;
    render();
    open();
    byId('till-code').focus();
  });
  onLanguage(render);
}
