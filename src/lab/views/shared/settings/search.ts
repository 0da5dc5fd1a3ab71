/** Which settings a search finds. Pure. */
import type { Setting } from './setting';

type Searched = Pick<Setting, 'name' | 'tells' | 'words'>;

export type SettingGroup<S extends Searched = Setting> = {
  readonly title: string;
  readonly settings: readonly S[];
};

/** Small letters, without accents. */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Those settings that have every word of a query in their name, their explanation, their choices or the title above them. */
export function matching<S extends Searched>(
  groups: readonly SettingGroup<S>[],
  query: string,
): readonly SettingGroup<S>[] {
  const asked = plain(query).split(/\s+/).filter(Boolean);
  return groups.flatMap(({ title, settings }) => {
    const found = settings.filter(({ name, tells, words }) => {
      const text = plain([title, name, tells, words].join(' '));
      return asked.every((word) => text.includes(word));
    });
    return found.length > 0 ? [{ title, settings: found }] : [];
  });
}
