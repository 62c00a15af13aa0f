import { sealCertificates } from '@lingquan/wechat-pay';
import { newOpaque } from '../../state/ids.ts';
import type { V3Api } from './definition.ts';

/** The platform certificates, sealed with the APIv3 key (reference B.4). */
export const certificateApis: readonly V3Api[] = [
  {
    method: 'GET',
    path: '/v3/certificates',
    handle: ({ pay: { keys } }) => {
      const certificates = keys.certificates();
      const nonces = certificates.map(() => newOpaque(9));
      return { kind: 'json', body: sealCertificates(keys.merchant.apiV3Key, certificates, nonces) };
    },
  },
];
