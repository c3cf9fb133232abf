// Light or dark: the system's choice unless the person made one.
import { computed, effect, signal } from '@preact/signals';
import { theme } from './state.ts';

const query = window.matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(query.matches);
query.addEventListener('change', () => (systemIsDark.value = query.matches));

export const isDark = computed(() =>
  theme.value === 'auto' ? systemIsDark.value : theme.value === 'dark',
);

export function followTheme(): void {
  effect(() => {
    document.documentElement.dataset['theme'] = isDark.value ? 'dark' : 'light';
  });
}

/** A colour that the style names, such as `--text`. */
export function styleColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
