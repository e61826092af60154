import type { ReactNode } from "react";

import { useText, type TextId } from "../texts/texts";
import { useTimes } from "../ui/times";

/** Facts that belong together. A group without any is not shown: see drawer.css. */
export function Group({ name, children }: { name: TextId; children: ReactNode }) {
  const text = useText();
  return (
    <section className="facts">
      <h3>{text(name)}</h3>
      <dl>{children}</dl>
    </section>
  );
}

/** One fact, unless the chat does not have it. */
export function Fact({ name, value }: { name: TextId; value: ReactNode }) {
  const text = useText();
  if (value == null || value === "" || value === false) return null;
  return (
    <div>
      <dt>{text(name)}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </div>
  );
}

/** A point in time, with the exact one to be had by pointing at it. */
export function TimeFact({ name, at }: { name: TextId; at: string | null | undefined }) {
  const times = useTimes();
  if (!at) return null;
  const time = (
    <time dateTime={at} title={times.exact(at)}>
      {times.medium(at)}
    </time>
  );
  return <Fact name={name} value={time} />;
}

/** Free-form data, as it came. An object without anything in it is not shown. */
export function DataFact({ name, value }: { name: TextId; value: unknown }) {
  if (value == null || (typeof value === "object" && Object.keys(value).length === 0)) return null;
  const data = (
    <pre dir="ltr" tabIndex={0}>
      {JSON.stringify(value, null, 2)}
    </pre>
  );
  return <Fact name={name} value={typeof value === "string" ? value : data} />;
}
