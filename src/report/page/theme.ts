import { h } from './dom.ts';

const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

const key = 'surefoot-theme';

/** Not every page from disk may keep something. */
function kept(): Theme {
  try {
    return themes.find((one) => one === localStorage.getItem(key)) ?? 'system';
  } catch {
    return 'system';
  }
}

function keep(theme: Theme): void {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // It lasts as long as the page, then.
  }
}

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** Light, dark, or as the system has it. */
export function themeButton(): HTMLElement {
  const select = h(
    'select',
    { id: 'theme' },
    themes.map((theme) => h('option', { value: theme }, theme)),
  );
  select.value = kept();
  apply(kept());
  select.addEventListener('change', () => {
    const theme = themes.find((one) => one === select.value) ?? 'system';
    keep(theme);
    apply(theme);
  });
  return h('span', { class: 'theme' }, h('label', { for: 'theme' }, 'Colours'), ' ', select);
}
