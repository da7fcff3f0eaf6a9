import { toRaw } from 'vue';

/** A copy of what a form holds, of plain objects, arrays and values, without Vue's proxies: those can't cross to main. */
export function withoutProxies<T>(value: T): T {
  const raw = toRaw(value) as unknown;
  if (Array.isArray(raw)) return raw.map(withoutProxies) as T;
  if (raw === null || typeof raw !== 'object' || Object.getPrototypeOf(raw) !== Object.prototype) return raw as T;
  return Object.fromEntries(Object.entries(raw).map(([key, item]) => [key, withoutProxies(item as unknown)])) as T;
}
