import { newOpaque } from './ids.ts';

/** A temporary file of an account: three days on the platform, and among the newest 200 here. */
export interface MediaFile {
  readonly id: string;
  readonly type: 'image' | 'voice' | 'video' | 'thumb';
  readonly bytes: Buffer;
  readonly contentType: string;
  readonly fileName: string;
  /** Milliseconds. */
  readonly createdAt: number;
}

export interface Media {
  add(file: Omit<MediaFile, 'id'>): MediaFile;
  get(id: string, now: number): MediaFile | undefined;
}

const lifeMs = 3 * 86_400_000;
const filesMax = 200;

export function createMedia(): Media {
  const files = new Map<string, MediaFile>();
  return {
    add(file) {
      const added = { ...file, id: newOpaque(48) };
      files.set(added.id, added);
      for (const oldest of files.keys()) {
        if (files.size <= filesMax) break;
        files.delete(oldest);
      }
      return added;
    },
    get(id, now) {
      const file = files.get(id);
      return file !== undefined && now - file.createdAt < lifeMs ? file : undefined;
    },
  };
}
