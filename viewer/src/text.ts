// Texts of the program on a screen: what cannot be seen is made visible, and bytes become columns.

// Controls, format characters (bidi controls, zero widths, tags), surrogates alone, private use,
// line separators, and letters that are drawn as nothing.
const UNSEEN = /[\p{C}\u2028\u2029\u034f\u115f\u1160\u3164\uffa0\u17b4\u17b5]/gu;
const HAS_UNSEEN = new RegExp(UNSEEN.source, 'u');

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) {
    return `\\x${code.toString(16).padStart(2, '0')}`;
  }
  return code < 0x10000
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\U${code.toString(16).padStart(8, '0')}`;
}

/** The text with each character that would not be seen written as Python would escape it. */
export function visible(text: string): string {
  return HAS_UNSEEN.test(text) ? text.replace(UNSEEN, escape) : text;
}

/** Like visible(), but tabs stay: for lines of source. */
export function visibleSource(text: string): string {
  return HAS_UNSEEN.test(text)
    ? text.replace(UNSEEN, (character) => (character === '\t' ? character : escape(character)))
    : text;
}

/** Cut to `length` UTF-16 units with an ellipsis, never inside a surrogate pair. */
export function cut(text: string, length: number): string {
  if (text.length <= length) {
    return text;
  }
  const end = Math.max(0, length - 1);
  const last = text.charCodeAt(end - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? end - 1 : end) + '…';
}

function bytesOf(code: number): number {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; ++i) {
    if (text.charCodeAt(i) >= 0x80) {
      return false;
    }
  }
  return true;
}

/** Length in bytes of UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    bytes += bytesOf(character.codePointAt(0)!);
  }
  return bytes;
}

/** The UTF-16 index in `line` of a column in bytes of UTF-8; a byte inside a character is its begin. */
export function indexOfByte(line: string, column: number): number {
  let bytes = 0;
  let index = 0;
  while (index < line.length) {
    const code = line.codePointAt(index)!;
    const size = bytesOf(code);
    if (bytes + size > column) {
      break;
    }
    bytes += size;
    index += code > 0xffff ? 2 : 1;
  }
  return index;
}

/** Lines of a source as Python counts them. */
export function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') {
    lines.pop();
  }
  return lines;
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1) || path;
}
