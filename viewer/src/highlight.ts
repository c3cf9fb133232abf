// Colours of Python source, line by line.
import { tagHighlighter, tags, highlightTree } from '@lezer/highlight';
import { parser } from '@lezer/python';

/** A stretch of a line in UTF-16 units, and the class that styles it. */
export interface Token {
  from: number;
  to: number;
  class: string;
}

const highlighter = tagHighlighter([
  { tag: tags.comment, class: 'tok-comment' },
  { tag: tags.string, class: 'tok-string' },
  { tag: tags.special(tags.string), class: 'tok-string' },
  { tag: tags.number, class: 'tok-number' },
  { tag: [tags.bool, tags.null], class: 'tok-number' },
  { tag: tags.keyword, class: 'tok-keyword' },
  { tag: [tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword], class: 'tok-keyword' },
  { tag: tags.operatorKeyword, class: 'tok-keyword' },
  { tag: tags.function(tags.definition(tags.variableName)), class: 'tok-definition' },
  { tag: tags.definition(tags.className), class: 'tok-definition' },
  { tag: tags.meta, class: 'tok-meta' },
]);

// More text takes too long for what colours are worth.
const LONGEST = 2_000_000;

/** Tokens of each line. Yields between slices of work. */
export function* highlight(lines: readonly string[]): Generator<undefined, Token[][]> {
  const tokens: Token[][] = lines.map(() => []);
  const text = lines.join('\n');
  if (text.length > LONGEST) {
    return tokens;
  }
  const parse = parser.startParse(text);
  let tree = parse.advance();
  for (let steps = 0; !tree; ++steps) {
    if (steps % 200 === 0) {
      yield;
    }
    tree = parse.advance();
  }
  const starts = new Int32Array(lines.length + 1);
  lines.forEach((line, i) => (starts[i + 1] = starts[i]! + line.length + 1));
  let line = 0;
  highlightTree(tree, highlighter, (from, to, style) => {
    while (line + 1 < lines.length && starts[line + 1]! <= from) {
      ++line;
    }
    // A string may go over several lines.
    for (let at = line; at < lines.length && starts[at]! < to; ++at) {
      const begin = Math.max(0, from - starts[at]!);
      const end = Math.min(lines[at]!.length, to - starts[at]!);
      if (end > begin) {
        tokens[at]!.push({ from: begin, to: end, class: style });
      }
    }
  });
  return tokens;
}
