// The summary of a recording; a member that is missing is 0 or empty.
import type { Summary } from '../model.ts';
import { asArray, asObject, asText, numberOr, textOr } from './reader.ts';

export function decodeSummary(value: unknown): Summary {
  const json = asObject(value, 'summary');
  const number = (name: string) => numberOr(json[name], 0, `summary.${name}`);
  return {
    command: textOr(json['command'], '', 'summary.command'),
    python: textOr(json['python'], '', 'summary.python'),
    processes: number('processes'),
    threads: number('threads'),
    wall_ns: number('wall_ns'),
    cpu_ns: number('cpu_ns'),
    samples: number('samples'),
    stopped_samples: number('stopped_samples'),
    lost: number('lost'),
    losses: asArray(json['losses'] ?? [], 'summary.losses').map((row) => {
      const loss = asObject(row, 'summary.losses');
      return {
        reason: textOr(loss['reason'], '', 'summary.losses.reason'),
        count: numberOr(loss['count'], 0, 'summary.losses.count'),
        ns: numberOr(loss['ns'], 0, 'summary.losses.ns'),
      };
    }),
    wanted_rate_hz: number('wanted_rate_hz'),
    reached_rate_hz: number('reached_rate_hz'),
    stops: number('stops'),
    time_lost_ns: number('time_lost_ns'),
    profiler_cpu_ns: number('profiler_cpu_ns'),
    ended_well: json['ended_well'] !== false,
    complete: json['complete'] !== false,
    damage: asArray(json['damage'] ?? [], 'summary.damage').map((text) =>
      asText(text, 'summary.damage'),
    ),
  };
}
