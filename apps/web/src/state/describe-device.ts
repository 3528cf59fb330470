/** What the list of sessions shows, for example "Firefox on Android": enough for people to know their own devices. */
export function describeDevice(userAgent: string): string {
  const browser = find(userAgent, [
    ['Edg/', 'Edge'],
    ['OPR/', 'Opera'],
    ['Firefox/', 'Firefox'],
    ['Chrome/', 'Chrome'],
    ['Safari/', 'Safari'],
  ])
  const system = find(userAgent, [
    ['Android', 'Android'],
    ['iPhone', 'iPhone'],
    ['iPad', 'iPad'],
    ['Windows', 'Windows'],
    ['Mac OS', 'Mac'],
    ['CrOS', 'ChromeOS'],
    ['Linux', 'Linux'],
  ])
  return `${browser ?? 'Browser'} on ${system ?? 'this device'}`
}

function find(text: string, names: readonly (readonly [string, string])[]): string | undefined {
  return names.find(([sign]) => text.includes(sign))?.[1]
}
