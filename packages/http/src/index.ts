export { errorAnswers } from './errors.ts';
export { listen } from './listen.ts';
export type { HttpServer, ListenOptions } from './listen.ts';
