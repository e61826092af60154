import { create } from 'zustand'

/** The token of the page. It is in memory alone: a reload forgets it. */
export const useToken = create(() => '')

/**
 * The headers that an operation needs for the token: none if there is no token,
 * for a service that holds one, and for the sandbox.
 */
export function authorization() {
  const token = useToken.getState()
  return token === '' ? {} : { Authorization: `Bearer ${token}` }
}

/** The field for the token that all tabs use. */
export function TokenField() {
  const token = useToken()
  return (
    <label className="token-field">
      Token
      <input
        type="password"
        value={token}
        onChange={(event) => useToken.setState(bare(event.currentTarget.value))}
        placeholder="none"
        autoComplete="off"
        spellCheck={false}
        title="Sent as Authorization: Bearer … with each operation. Forgotten when the page is left."
      />
    </label>
  )
}

/** A token as it is sent, from what somebody pastes: "Authorization: Bearer abc". */
const bare = (pasted) => pasted.trim().replace(/^(authorization:\s*)?(bearer\s+)?/i, '')
