import { useLocale } from "../texts/texts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Times in words, in the language and the time zone of the reader. */
export function useTimes(): Times {
  const { tag } = useLocale();
  let times = byLanguage.get(tag);
  if (times === undefined) byLanguage.set(tag, (times = makeTimes(tag)));
  return times;
}

type Times = ReturnType<typeof makeTimes>;

/** All rows share them: to make formats takes longer than to draw a row. */
const byLanguage = new Map<string, Times>();

function makeTimes(tag: string) {
  const exact = new Intl.DateTimeFormat(tag, { dateStyle: "full", timeStyle: "long" });
  const medium = new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" });
  const thisYear = new Intl.DateTimeFormat(tag, { day: "numeric", month: "short" });
  const otherYear = new Intl.DateTimeFormat(tag, { day: "numeric", month: "short", year: "numeric" });
  const ago = new Intl.RelativeTimeFormat(tag, { style: "short", numeric: "auto" });
  const units = ["minute", "hour", "day"] as const;
  const lengths = units.map((unit) => new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: "short" }));
  return {
    /** With the day of the week, the seconds and the zone. */
    exact: (at: string) => exact.format(new Date(at)),
    medium: (at: string) => medium.format(new Date(at)),
    /** "2 min. ago"; after a week, the day. */
    relative(at: string, now: number): string {
      const date = new Date(at);
      const age = now - date.getTime();
      if (age < minute) return ago.format(0, "second");
      if (age < hour) return ago.format(-Math.floor(age / minute), "minute");
      if (age < day) return ago.format(-Math.floor(age / hour), "hour");
      if (age < 7 * day) return ago.format(-Math.floor(age / day), "day");
      const isThisYear = date.getFullYear() === new Date(now).getFullYear();
      return (isThisYear ? thisYear : otherYear).format(date);
    },
    /** "3 hr": how long something has lasted. */
    length(since: string, now: number): string {
      const age = Math.max(0, now - new Date(since).getTime());
      if (age < hour) return lengths[0]!.format(Math.floor(age / minute));
      if (age < 2 * day) return lengths[1]!.format(Math.floor(age / hour));
      return lengths[2]!.format(Math.floor(age / day));
    },
  };
}
