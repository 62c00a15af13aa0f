/**
 * A frozen object whose secrets can be read by name but do not show: not in JSON, not in what a logger or `util.inspect` prints, not in
 * a copy by spreading.
 */
export function withSecrets<Shown extends object, Secrets extends object>(
  shown: Shown,
  secrets: Secrets,
): Readonly<Shown & Secrets> {
  const hidden = Object.entries(secrets).map(([name, value]) => [name, { value: value as unknown, enumerable: false }]);
  return Object.freeze(
    Object.defineProperties({ ...shown }, Object.fromEntries(hidden) as PropertyDescriptorMap),
  ) as Readonly<Shown & Secrets>;
}
