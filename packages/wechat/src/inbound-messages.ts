import type { FieldReader } from './field-reader.ts';
import type { ContentReader } from './inbound-content.ts';

/** By MsgType in lower case (reference 3.2). */
export const messages: Readonly<Record<string, ContentReader>> = {
  text: (push) => ({
    case: 'text',
    value: { content: push.text('Content'), bizmsgmenuid: push.text('bizmsgmenuid') },
  }),
  image: (push) => ({ case: 'image', value: { picUrl: push.text('PicUrl'), mediaId: push.text('MediaId') } }),
  voice: (push) => ({
    case: 'voice',
    value: {
      mediaId: push.text('MediaId'),
      format: push.text('Format'),
      mediaId16k: push.text('MediaId16K'),
      recognition: push.text('Recognition'),
    },
  }),
  video: (push) => ({ case: 'video', value: video(push) }),
  shortvideo: (push) => ({ case: 'shortvideo', value: video(push) }),
  location: (push) => ({
    case: 'location',
    value: { ...place(push), scale: push.int('Scale'), label: push.text('Label') },
  }),
  link: (push) => ({
    case: 'link',
    value: { title: push.text('Title'), description: push.text('Description'), url: push.text('Url') },
  }),
  miniprogrampage: (push) => ({
    case: 'miniprogrampage',
    value: {
      title: push.text('Title'),
      appid: push.text('AppId'),
      pagePath: push.text('PagePath'),
      thumbUrl: push.text('ThumbUrl'),
      thumbMediaId: push.text('ThumbMediaId'),
    },
  }),
};

const video = (push: FieldReader) => ({ mediaId: push.text('MediaId'), thumbMediaId: push.text('ThumbMediaId') });

/** WeChat's X is the latitude, its Y the longitude. */
export const place = (push: FieldReader) => ({
  latitude: push.double('Location_X'),
  longitude: push.double('Location_Y'),
});
