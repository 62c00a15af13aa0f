import { refuse } from '../../rules/refusal.ts';
import { seconds } from '../../state/clock.ts';
import type { MediaFile } from '../../state/media.ts';
import { type AccountCall, type Answer, type Api, json } from '../definition.ts';

/** Largest sizes in bytes, by the platform's "Upload temporary media". */
const sizes: Readonly<Record<MediaFile['type'], number>> = { image: 10e6, voice: 2e6, video: 10e6, thumb: 64e3 };

const isType = (type: string): type is MediaFile['type'] => Object.hasOwn(sizes, type);

/** The file in a multipart form, under whatever name the client gave the part. */
async function fileIn({ rawBody, contentType }: AccountCall): Promise<File> {
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(rawBody), { headers: { 'content-type': contentType } }).formData();
  } catch {
    return refuse(41005);
  }
  const file = [...form.values()].find((value) => typeof value !== 'string');
  return file ?? refuse(41005);
}

async function upload(call: AccountCall): Promise<Answer> {
  const type = call.query.get('type') ?? '';
  if (!isType(type)) return refuse(40004);
  const file = await fileIn(call);
  if (file.size > sizes[type]) refuse(45001);
  const bytes = Buffer.from(await file.arrayBuffer());
  const contentType = file.type || 'application/octet-stream';
  const { id } = call.state.media.add({ type, bytes, contentType, fileName: file.name, createdAt: call.now });
  return json({ type, [type === 'thumb' ? 'thumb_media_id' : 'media_id']: id, created_at: seconds(call.now) });
}

function download({ state, query, now, origin }: AccountCall): Answer {
  const id = query.get('media_id') || refuse(41006);
  const file = state.media.get(id, now) ?? refuse(40007);
  if (file.type === 'video') return json({ video_url: `${origin}/_sim/media/${encodeURIComponent(id)}` });
  const name = file.fileName.replaceAll(/[^\w.-]/g, '_');
  return {
    kind: 'bytes',
    body: file.bytes,
    contentType: file.contentType,
    headers: { 'Content-Disposition': `attachment; filename="${name}"` },
  };
}

/** Temporary files. */
export const mediaApis: readonly Api[] = [
  { method: 'POST', path: '/cgi-bin/media/upload', auth: 'token', upload: true, handle: upload },
  { method: 'GET', path: '/cgi-bin/media/get', auth: 'token', handle: download },
];
