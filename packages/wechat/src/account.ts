/** One Official Account or mini program, as its owner set it up in WeChat's console. */
export interface Account {
  appid: string;
  /** The `gh_...` id that pushes carry as ToUserName. */
  originalId?: string | undefined;
  /** For people. */
  name?: string | undefined;
  kind: 'official-account' | 'mini-program';
  /** AppSecret. */
  secret: string;
  /** What pushes are signed with. */
  token: string;
  /** Needed in compatible and safe mode. */
  encodingAESKey?: string | undefined;
  /** The key before the last change: pushes sealed with it still arrive for a while. */
  previousEncodingAESKey?: string | undefined;
  mode: 'plaintext' | 'compatible' | 'safe';
  /** Official Accounts push XML only. */
  format: PushFormat;
}

export type PushFormat = 'xml' | 'json';

/** Query parameters as an HTTP server hands them out: an array when one came more than once. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;
