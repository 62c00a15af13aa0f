/** Whose something is: a person under one account. */
export type Owner = { appid: string; openid: string };

export const isOwner = (one: Owner, { appid, openid }: Owner): boolean => one.appid === appid && one.openid === openid;
