/** Light or dark: the person's choice, or the system's, as `data-theme` on the document. */
import { store, type Theme } from '../store';

const KEY = 'attractor-theme';

function remembered(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    return 'system';
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage is refused: the choice lasts as long as the page.
  }
}

/** Keeps the document's theme in step with the store and the system. */
export function followTheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = (): void => {
    const { theme } = store.getState();
    document.documentElement.dataset['theme'] =
      theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
  };
  store.setState({ theme: remembered() });
  apply();
  dark.addEventListener('change', apply);
  store.subscribe((state, before) => {
    if (state.theme === before.theme) return;
    remember(state.theme);
    apply();
  });
}
