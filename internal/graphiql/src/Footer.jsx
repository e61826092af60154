import { useGraphiQL } from '@graphiql/react'
import { useEffect } from 'react'
import { useNotice } from './notice.js'
import { useOutcomes } from './outcome.js'

/** Below the answer: how it came, and a link to the page of each error in it. */
export function Footer() {
  const tab = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.id)
  useEffect(() => useOutcomes.setState({ tab }), [tab])
  const notice = useNotice()
  const outcome = useOutcomes((state) => state.byTab[tab])
  return (
    <div className="outcome" role="status">
      {outcome && <Outcome {...outcome} />}
      {notice && <span>{notice}</span>}
    </div>
  )
}

function Outcome({ status, events, milliseconds, bytes, cost, codes }) {
  return (
    <>
      <span>{events === undefined ? `HTTP ${status}` : `event ${events}`}</span>
      <span>{time(milliseconds)}</span>
      {bytes !== undefined && <span>{size(bytes)}</span>}
      {cost !== undefined && <span>cost {cost.toLocaleString('en')}</span>}
      {codes.map((code) => (
        <a key={code} href={`errors.html#${code}`} target="_blank" rel="noreferrer">
          {code}
        </a>
      ))}
    </>
  )
}

const { format: number } = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })

const time = (milliseconds) =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${number(milliseconds / 1000)} s`

/** Sizes in powers of 1000, as browsers show them. */
function size(bytes) {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1e6 ? `${number(bytes / 1000)} kB` : `${number(bytes / 1e6)} MB`
}
