import { textOf, type Fields } from './fields.ts';
import { signatureOf } from './signature.ts';

/**
 * What makes a push the same push when WeChat sends it again (up to three times): MsgId for messages; sender, second and kind for
 * events, with what the event is about, because two events of one user can share a second. Unique within one appid only.
 * Source: "Receiving messages" (MsgId; FromUserName + CreateTime for events); reference section 4.4 for the rest.
 */
export function dedupeKey(fields: Fields): string {
  const msgId = textOf(fields, 'MsgId');
  const isEvent = textOf(fields, 'MsgType')?.toLowerCase() === 'event';
  if (!isEvent && msgId) return `msgid:${msgId}`;
  const who = `event:${textOf(fields, 'FromUserName') ?? ''}:${textOf(fields, 'CreateTime') ?? ''}`;
  // A message without an id (none is known) is the same only when all of it is.
  if (!isEvent) return `${who}:${signatureOf([JSON.stringify(fields)])}`;
  const subject = subjectOf(fields);
  return `${who}:${textOf(fields, 'Event') ?? ''}${subject ? `:${subject}` : ''}`;
}

/**
 * The scene of the parametric code behind a follow or a scan; undefined when there is none. A follow carries it after
 * `qrscene_`, taken off once; a scan carries it bare. Other keys of a follow (`last_trade_no_...`) are no scenes. Reference 3.3.
 */
export function sceneOf(fields: Fields): string | undefined {
  const key = textOf(fields, 'EventKey');
  const event = textOf(fields, 'Event')?.toLowerCase();
  if (event === 'scan') return key;
  return event === 'subscribe' && key?.startsWith(scenePrefix) ? key.slice(scenePrefix.length) : undefined;
}

const scenePrefix = 'qrscene_';

/** Fields that say what an event is about, the first that is there counts. */
const subjects = ['EventKey', 'MsgID', 'UserCardCode', 'CardId', 'KfAccount', 'ToKfAccount', 'SessionFrom'];
/** The same for events no vector covers. */
const furtherSubjects = ['OrderId', 'KeyStr', 'trace_id', 'notify_code'];
const listHolders = ['SubscribeMsgPopupEvent', 'SubscribeMsgChangeEvent', 'SubscribeMsgSentEvent'];

function subjectOf(fields: Fields): string | undefined {
  const listed = listEntries(fields).flatMap((entry) => textOf(entry, 'MsgID') ?? textOf(entry, 'TemplateId') ?? []);
  if (listed.length > 0) return listed.join(',');
  for (const name of [...subjects, ...furtherSubjects]) {
    const value = textOf(fields, name);
    if (value) return value;
  }
  const published = fields['PublishEventInfo'];
  return isGroup(published) ? textOf(published, 'publish_id') : undefined;
}

/** The entries of a subscribe event: wrapped in XML, bare in JSON (reference 3.5). */
function listEntries(fields: Fields): Fields[] {
  const holder = listHolders.map((name) => fields[name]).find(isGroup) ?? fields;
  const list = holder['List'];
  return Array.isArray(list) ? list.filter(isGroup) : [];
}

const isGroup = (value: Fields[string] | undefined): value is Fields =>
  typeof value === 'object' && !Array.isArray(value);
