import { AppError } from '@lingquan/errors';

/** The platform's own words for its error codes (its "global return codes" page and the pages of the interfaces). */
const texts: Readonly<Record<number, string>> = {
  [-1]: 'system error',
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40004: 'invalid media type',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40013: 'invalid appid',
  40014: 'invalid access_token',
  40015: 'invalid menu type',
  40016: 'invalid button size',
  40017: 'invalid button type',
  40018: 'invalid button name size',
  40019: 'invalid button key size',
  40020: 'invalid button url size',
  40022: 'invalid sub button level',
  40023: 'invalid sub button size',
  40024: 'invalid sub button type',
  40025: 'invalid sub button name size',
  40026: 'invalid sub button key size',
  40027: 'invalid sub button url size',
  40029: 'invalid code',
  40030: 'invalid refresh_token',
  40032: 'invalid openid list size',
  40033: 'invalid charset. please check your request, if include \\uxxxx will create fail!',
  40036: 'invalid template_id size',
  40037: 'invalid template_id',
  40052: 'invalid action name',
  40053: 'invalid action info',
  40054: 'invalid sub button url domain',
  40055: 'invalid button url domain',
  40097: 'invalid args',
  40125: 'invalid appsecret',
  40129: 'invalid scene',
  40159: 'invalid path',
  40163: 'code been used',
  40164: 'invalid ip',
  40165: 'invalid weapp pagepath',
  40166: 'invalid weapp appid',
  40169: 'invalid length for scene, or the data is not json string',
  40202: 'invalid action',
  40203: 'invalid check_operator',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41005: 'media data missing',
  41006: 'media_id missing',
  41008: 'missing code',
  41009: 'missing openid',
  41030: 'invalid page',
  42001: 'access_token expired',
  42002: 'refresh_token expired',
  42003: 'code expired',
  43001: 'require GET method',
  43002: 'require POST method',
  43004: 'require subscribe',
  43101: 'user refuse to accept the msg',
  44002: 'empty post data',
  44004: 'empty content',
  45001: 'media size out of limit',
  45002: 'content size out of limit',
  45008: 'article size out of limit',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit  mustslower  retry next minute',
  45015: 'response out of time limit or subscription is canceled',
  45026: 'template num exceed limit',
  45029: 'qrcode count out of limit',
  45047: 'out of response count limit',
  45056: 'tag num out of limit',
  45058: 'can not modify sys tag',
  45059: 'can not add more tag to this user',
  45072: 'invalid command',
  45080: 'no message in recent time',
  45081: 'already in typing',
  45103: 'this api is withdrawn',
  45109: 'this api is withdrawn',
  45157: 'tag name already existed or is illegal',
  45158: 'tag name too long',
  45159: 'invalid tag id',
  45168: 'sensitive words',
  46003: 'menu no exist',
  46004: 'user no exist',
  47001: 'data format error',
  47003: 'argument invalid!',
  48001: 'api unauthorized',
  48002: 'user block receive message',
  48006: 'forbid to clear quota because of reaching the limit',
  49003: 'openid not match appid',
  61500: 'date format error',
  61501: 'date range error',
  65301: 'menuid not exist',
  65303: 'there is no selfmenu, please create selfmenu first',
  65304: 'match rule empty',
  76001: 'rid not found',
  76002: 'rid is empty or malformed',
  76003: 'cgi_path is malformed, or the rid belongs to another account',
  76004: 'rid expired',
  76021: 'cgi_path not found, please check',
  76022: 'could not use this cgi_path, no permission',
  85096: 'not allow include scancode_time field',
  87009: 'invalid signature',
};

/** What the platform says for `errcode`; the code alone where no text of its own is known. */
export function textOf(errcode: number): string {
  return texts[errcode] ?? `error ${errcode}`;
}

/** A request the platform turns down: HTTP 200 with this errcode. `message` is the errmsg without its request id. */
export class Refusal extends AppError {
  readonly errcode: number;

  constructor(errcode: number, message: string = textOf(errcode)) {
    super('invalid', message);
    this.name = 'Refusal';
    this.errcode = errcode;
  }
}

/** Throws the refusal; `detail` is put behind the platform's own text, as the platform does for arguments and addresses. */
export function refuse(errcode: number, detail?: string): never {
  throw new Refusal(errcode, detail === undefined ? textOf(errcode) : `${textOf(errcode)} ${detail}`);
}
