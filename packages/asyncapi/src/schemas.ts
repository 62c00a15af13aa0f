import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import type { FileRegistry } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * The schemas of `proto/` as they stand there, with their comments: the code generated from them has none that a program could read.
 * Throws what buf says when one of them does not compile.
 */
export function readSchemas(): FileRegistry {
  const buf = createRequire(import.meta.url).resolve('@bufbuild/buf/bin/buf');
  const image = execFileSync(process.execPath, [buf, 'build', '--as-file-descriptor-set', '-o', '-'], {
    cwd: root,
    maxBuffer: 16 << 20,
  });
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, image));
}

/** The text of a schema file, such as `lingquan/coupon/v1/events`. */
export const schemaText = (name: string): string => readFileSync(`${root}proto/${name}.proto`, 'utf8');
