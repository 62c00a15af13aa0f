// What Docker asks a container: 0 when its service is able to work. Needs no curl in the image.
import { containerService } from '../container-service.ts';
import { portOf } from '../service-environment.ts';

const port = portOf(containerService(process.env['SERVICE']), process.env);
const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(3000) }).catch(
  () => undefined,
);
process.exit(answer?.ok ? 0 : 1);
