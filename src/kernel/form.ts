// What data that was written elsewhere has to look like.
// In: any value. Out: whether it is of a form. Must not know what the data means.

/** True for a value of the form. */
export type Form = (value: unknown) => boolean;
/** A form for each member of T: leave one out and the compiler names it. */
export type FormsOf<T> = { readonly [M in keyof T]-?: Form };

export const isText: Form = (value) => typeof value === 'string';
export const isNumber: Form = (value) => typeof value === 'number';
export const isTruth: Form = (value) => typeof value === 'boolean';
/** Anything that JSON can say. */
export const isAnything: Form = (value) => value !== undefined;

/** True for an object with members of its own, as JSON has it. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const listOf =
  (form: Form): Form =>
  (value) =>
    Array.isArray(value) && value.every(form);

/** Any names, and values of the form. */
export const mapOf =
  (form: Form): Form =>
  (value) =>
    isRecord(value) && Object.values(value).every(form);

/** All of these members; more of them do no harm. */
export const recordOf =
  (forms: Readonly<Record<string, Form>>): Form =>
  (value) =>
    isRecord(value) &&
    Object.entries(forms).every(([name, form]) => form(Object.hasOwn(value, name) ? value[name] : undefined));

/** `recordOf`, checked against the type. */
export const formOf = <T>(forms: FormsOf<T>): Form => recordOf(forms as Readonly<Record<string, Form>>);

export const orNull =
  (form: Form): Form =>
  (value) =>
    value === null || form(value);

/** May be left out. */
export const optional =
  (form: Form): Form =>
  (value) =>
    value === undefined || form(value);

export const oneOf =
  (...values: readonly unknown[]): Form =>
  (value) =>
    values.includes(value);

export const anyOf =
  (...forms: readonly Form[]): Form =>
  (value) =>
    forms.some((form) => form(value));
