// A place of the chain, chosen by sliding along it.
// In: the page. Out: an element. Must not know what is shown there.

import { bdi, fill, h } from './dom.ts';
import type { Page } from './view.ts';
import { link } from './view.ts';

let last = 0;

/** The slider; calls back with each step. */
export function slider(page: Page, changed: () => void): HTMLElement {
  const { chain } = page.model.data;
  const end = Math.max(0, chain.length - 1);
  const id = `slider-${++last}`;
  const input = h('input', { type: 'range', min: 0, max: end, step: 1, id, value: page.choice.place });
  const said = h('output', { for: id, class: 'said' });
  const say = () => {
    const one = chain[page.choice.place];
    if (!one) return;
    fill(said, h('a', { href: link('chain', one.id) }, bdi(one.id)), ' ', bdi(one.message));
    input.setAttribute('aria-valuetext', `${one.id} ${one.message}`);
  };
  const move = (place: number) => {
    page.choice.place = Math.max(0, Math.min(end, place));
    input.value = String(page.choice.place);
    page.choice.revision = chain[page.choice.place]?.id ?? null;
    say();
    later();
  };
  // However quickly it is slid: what is shown is drawn once a frame.
  let isAsked = false;
  const later = () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      changed();
    });
  };
  input.addEventListener('input', () => move(Number(input.value)));
  const step = (text: string, label: string, by: number) => {
    const button = h('button', { type: 'button', 'aria-label': label }, text);
    button.addEventListener('click', () => move(page.choice.place + by));
    return button;
  };
  say();
  return h(
    'div',
    { class: 'tools slider' },
    h('label', { for: id }, 'Revision'),
    step('‹', 'One revision back', -1),
    input,
    step('›', 'One revision on', 1),
    said,
  );
}
