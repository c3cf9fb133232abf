// Small controls that all views use.
import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

interface ChoiceProps<T extends string> {
  label: string;
  testid: string;
  target: Signal<T>;
  options: readonly (readonly [T, string, string?])[];
  onChange?(): void;
}

/** A row of buttons of which one is pressed. */
export function Choice<T extends string>(props: ChoiceProps<T>) {
  return (
    <div class="choice" role="group" aria-label={props.label} data-testid={props.testid}>
      {props.options.map(([value, text, title]) => (
        <button
          key={value}
          type="button"
          title={title}
          aria-pressed={props.target.value === value}
          data-testid={`${props.testid}-${value}`}
          onClick={() => {
            props.target.value = value;
            props.onChange?.();
          }}
        >
          {text}
        </button>
      ))}
    </div>
  );
}

interface ToggleProps {
  target: Signal<boolean>;
  testid: string;
  title?: string;
  children: ComponentChildren;
}

export function Toggle({ target, testid, title, children }: ToggleProps) {
  return (
    <button
      type="button"
      class="toggle"
      title={title}
      aria-pressed={target.value}
      data-testid={testid}
      onClick={() => (target.value = !target.value)}
    >
      {children}
    </button>
  );
}
