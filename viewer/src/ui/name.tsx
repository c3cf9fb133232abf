// Texts of the program: isolated, so that they cannot reorder what stands around them.
import { NONE, type Recording } from '../model.ts';
import { baseName, cut, visible } from '../text.ts';

// More of a name is never put into the page; the end of a text this long says nothing to a person.
const LONGEST = 20000;

interface Props {
  text: string;
  class?: string;
}

export function Name({ text, class: extra = '' }: Props) {
  const shown = visible(cut(text, LONGEST));
  return (
    <bdi class={`name ${extra}`} title={shown.length > 30 ? shown : undefined}>
      {shown}
    </bdi>
  );
}

/** The name of a function as texts show it. */
export function functionName(recording: Recording, id: number): string {
  return visible(cut(recording.functions.name[id] ?? '(unknown)', LONGEST));
}

export function filePath(recording: Recording, file: number): string {
  return file === NONE ? '' : visible(recording.files[file]?.path ?? '');
}

/** Such as `threads.py:40`; empty where there is no file. */
export function shortPlace(recording: Recording, id: number, line: number): string {
  const path = recording.files[recording.functions.file[id] ?? NONE]?.path;
  const name = path === undefined ? '' : visible(baseName(path));
  return line > 0 && name !== '' ? `${name}:${line}` : name;
}

/** Name of a thread or process for a person. */
export function contextName(recording: Recording, id: number): string {
  const row = recording.contexts[id];
  if (!row) {
    return 'unknown thread';
  }
  const name = row.name === null || row.name === '' ? row.kind : visible(cut(row.name, 200));
  return row.osId > 0 ? `${name} (${row.osId})` : name;
}
