import { isUtf8 } from 'node:buffer';
import { AppError } from '@lingquan/errors';
import { parseXml, writeXml } from '@lingquan/wechat';
import { withoutIllegal } from '@lingquan/wechat/fields.ts';
import { signParameters, type Parameters, type SignType } from './sign.ts';

/** The longest message of v2 is a refund query with twenty refunds, about 20 KB. */
const bytesMax = 256 * 1024;

/**
 * Reads a v2 message: one level under its root, no DTD, no entities but XML's own five, no field twice, not too long (reference
 * A.1). Values are the text as it stands.
 * @param root `root` for what a refund notice seals, else `xml`
 * @throws AppError `invalid` for anything else
 */
export function parseMessage(body: string | Buffer, root: 'xml' | 'root' = 'xml'): Parameters {
  if (Buffer.byteLength(body) > bytesMax) throw new AppError('invalid', 'Not a v2 message: too long');
  if (Buffer.isBuffer(body) && !isUtf8(body)) throw new AppError('invalid', 'Not a v2 message: not UTF-8');
  const text = body.toString();
  const fields = parseXml(root === 'xml' ? text : asXmlRoot(text));
  for (const value of Object.values(fields)) {
    if (typeof value !== 'string') throw new AppError('invalid', 'Not a v2 message: more than one level');
  }
  return fields as Parameters;
}

/** The strict parser knows one root; a text that only looks like it is whole falls apart there. */
function asXmlRoot(text: string): string {
  const inner = /^\s*<root>([^]*)<\/root>\s*$/.exec(text)?.[1];
  if (inner === undefined) throw new AppError('invalid', 'Not a v2 message: its root is not root');
  return `<xml>${inner}</xml>`;
}

/** What a caller gives to be sent: numbers are written as digits, undefined is left away. */
export type ParametersToSend = Readonly<Record<string, string | number | undefined>>;

/**
 * A signed v2 message, by either side. `sign_type` is added when it is not MD5, the default (reference A.3); who wants it said
 * anyway puts it among the parameters. What XML forbids is taken out before signing.
 */
export function signedMessage(parameters: ParametersToSend, apiV2Key: string, signType: SignType): string {
  const given = signType === 'MD5' ? parameters : { ...parameters, sign_type: signType };
  const plain = textsOf(given);
  return writeXml({ ...plain, sign: signParameters(plain, apiV2Key, signType) });
}

/** A v2 message without a signature: failures, acknowledgements. */
export const plainMessage = (parameters: ParametersToSend): string => writeXml(textsOf(parameters));

function textsOf(parameters: ParametersToSend): Parameters {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') texts[name] = withoutIllegal(String(value));
  }
  return texts;
}
