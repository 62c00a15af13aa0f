import { qrPicture } from '../state/picture.ts';
import type { MediaFile } from '../state/media.ts';
import type { AccountState } from '../state/world.ts';
import type { Action, ActionType } from './message.ts';

/** The file that belongs to a message of each type. */
const fileTypes: Partial<Record<ActionType, MediaFile['type']>> = {
  image: 'image',
  voice: 'voice',
  video: 'video',
  shortvideo: 'video',
  miniprogrampage: 'thumb',
};

/** Something small that opens as what it claims to be: a picture for pictures, the head of a recording for the others. */
async function sample(type: MediaFile['type']): Promise<Pick<MediaFile, 'bytes' | 'contentType' | 'fileName'>> {
  switch (type) {
    case 'voice':
      return { bytes: Buffer.from('#!AMR\n'), contentType: 'audio/amr', fileName: 'voice.amr' };
    case 'video':
      return { bytes: Buffer.from('\0\0\0\x18ftypmp42', 'latin1'), contentType: 'video/mp4', fileName: 'video.mp4' };
    default:
      return {
        bytes: await qrPicture('https://weixin.qq.com/', { width: 280 }),
        contentType: 'image/png',
        fileName: 'picture.png',
      };
  }
}

/** Gives a message that carries a file one the account can fetch, unless the caller named a media id. */
export async function withMedia(state: AccountState, action: Action, now: number): Promise<Action> {
  const type = fileTypes[action.type];
  if (type === undefined || action.mediaId !== undefined) return action;
  const { id } = state.media.add({ ...(await sample(type)), type, createdAt: now });
  return { ...action, mediaId: id };
}
