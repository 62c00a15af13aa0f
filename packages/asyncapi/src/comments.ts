import type { DescEnum, DescEnumValue, DescField, DescFile, DescMessage } from '@bufbuild/protobuf';

type Commented = DescMessage | DescField | DescEnum | DescEnumValue;

/** What the schema says above a message, a field, an enum or a value: paragraphs without their line breaks; none when it says nothing. */
export function commentOf(desc: Commented): string[] {
  const text = commentsIn(fileOf(desc)).get(pathOf(desc).join('.')) ?? '';
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim().replaceAll(/\s*\n\s*/g, ' '))
    .filter((paragraph) => paragraph !== '');
}

/** Paths as in google.protobuf.SourceCodeInfo: field numbers of the descriptor's own schema and places in lists. */
function pathOf(desc: Commented): number[] {
  switch (desc.kind) {
    case 'message':
      return desc.parent
        ? [...pathOf(desc.parent), 3, desc.parent.proto.nestedType.indexOf(desc.proto)]
        : [4, desc.file.proto.messageType.indexOf(desc.proto)];
    case 'enum':
      return desc.parent
        ? [...pathOf(desc.parent), 4, desc.parent.proto.enumType.indexOf(desc.proto)]
        : [5, desc.file.proto.enumType.indexOf(desc.proto)];
    case 'field':
      return [...pathOf(desc.parent), 2, desc.parent.proto.field.indexOf(desc.proto)];
    case 'enum_value':
      return [...pathOf(desc.parent), 2, desc.parent.proto.value.indexOf(desc.proto)];
    default:
      return desc satisfies never;
  }
}

const fileOf = (desc: Commented): DescFile => ('file' in desc ? desc.file : desc.parent.file);

const read = new WeakMap<DescFile, Map<string, string>>();

function commentsIn(file: DescFile): Map<string, string> {
  let comments = read.get(file);
  if (comments === undefined) {
    const locations = file.proto.sourceCodeInfo?.location ?? [];
    comments = new Map(locations.map(({ path, leadingComments }) => [path.join('.'), leadingComments]));
    read.set(file, comments);
  }
  return comments;
}
