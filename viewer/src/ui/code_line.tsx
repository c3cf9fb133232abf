// One line of source: tokens in colours, expressions shaded by their own time.
import type { Token } from '../highlight.ts';
import { indexOfByte, isAscii, visibleSource } from '../text.ts';
import { heat } from './colors.ts';

/** An expression on the line, in bytes of UTF-8; `part` is its heat, 0 to 1. */
export interface Shade {
  row: number;
  column: number;
  /** -1 where it goes on beyond the line. */
  endColumn: number;
  part: number;
}

interface Piece {
  from: number;
  to: number;
  class: string;
  shade: Shade | null;
}

// What lies behind is not worth the time: such lines are data.
const LONGEST = 4000;

/** Pieces of a line in which neither the token nor the innermost expression changes. */
export function pieces(
  text: string,
  tokens: readonly Token[],
  shades: readonly Shade[],
): Piece[] {
  const plain = isAscii(text);
  const index = (column: number) =>
    plain ? Math.min(column, text.length) : indexOfByte(text, column);
  const ranges = shades.map((shade) => ({
    shade,
    from: index(shade.column),
    to: shade.endColumn < 0 ? text.length : index(shade.endColumn),
  }));
  const bounds = new Set([0, text.length]);
  for (const { from, to } of [...tokens, ...ranges]) {
    bounds.add(from);
    bounds.add(to);
  }
  const cuts = [...bounds].filter((at) => at <= text.length).sort((a, b) => a - b);
  const out: Piece[] = [];
  for (let i = 0; i + 1 < cuts.length; ++i) {
    const from = cuts[i]!;
    const to = cuts[i + 1]!;
    const holds = (range: { from: number; to: number }) => range.from <= from && range.to >= to;
    // Outer ranges stand before inner ones.
    const inner = ranges.findLast(holds)?.shade ?? null;
    out.push({ from, to, class: tokens.find(holds)?.class ?? '', shade: inner });
  }
  return out;
}

interface Props {
  text: string;
  tokens: readonly Token[];
  shades: readonly Shade[];
  onHover(shade: Shade | null, event: PointerEvent): void;
}

export function CodeLine({ text, tokens, shades, onHover }: Props) {
  const start = text.length > LONGEST ? text.slice(0, LONGEST) : text;
  return (
    <span class="code-text" onPointerLeave={(event) => onHover(null, event)}>
      {pieces(start, tokens, shades).map((piece) => (
        <span
          key={piece.from}
          class={piece.class + (piece.shade ? ' expression' : '')}
          style={piece.shade ? { backgroundColor: heat(piece.shade.part) } : undefined}
          onPointerMove={
            piece.shade ? (event) => onHover(piece.shade, event) : (event) => onHover(null, event)
          }
        >
          {visibleSource(start.slice(piece.from, piece.to))}
        </span>
      ))}
      {text.length > LONGEST ? <span class="faint"> … ({text.length} characters)</span> : null}
    </span>
  );
}
