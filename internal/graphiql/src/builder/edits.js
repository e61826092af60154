// Edits of the text of a document, by the places of its nodes. An edit puts text in
// place of the characters from start to end; comments and layout elsewhere stay.

/** Adds a selection after the last one of an operation, field or fragment. */
export function addSelection(text, node, selection) {
  const set = node.selectionSet
  if (!set) return insert(node.loc.end, ` { ${selection} }`)
  const first = set.selections[0]
  const separator = text.slice(set.loc.start, first.loc.start).includes('\n') ? `\n${indentAt(text, first.loc.start)}` : ' '
  return insert(set.selections.at(-1).loc.end, separator + selection)
}

/**
 * Removes a selection. A parent that would be empty goes with it. The ancestors
 * begin with the operation and end with the parent.
 */
export function removeSelection(text, ancestors, node) {
  const parent = ancestors.at(-1)
  if (parent?.selectionSet.selections.length === 1) return removeSelection(text, ancestors.slice(0, -1), parent)
  const { start, end } = node.loc
  const before = /\n?[ \t,]*$/.exec(text.slice(0, start))[0]
  const lastOfLine = /^[ \t,]*(\n|$)/.test(text.slice(end))
  const alone = before.startsWith('\n')
  // What follows on the line must not slip into a comment on the line before.
  return alone && !lastOfLine ? { start, end, text: '' } : { start: start - before.length, end, text: '' }
}

/** Adds an argument of a field, or a field of an input object. */
export function addMember(owner, name, value) {
  const members = membersOf(owner)
  const member = `${name}: ${value}`
  if (members.length > 0) return insert(members.at(-1).loc.end, `, ${member}`)
  return owner.kind === 'Field' ? insert(owner.name.loc.end, `(${member})`) : put(owner, `{ ${member} }`)
}

/** Removes an argument of a field, or a field of an input object. */
export function removeMember(text, owner, node) {
  const members = membersOf(owner)
  const place = members.indexOf(node)
  if (members.length > 1 && place === 0) return { start: node.loc.start, end: members[1].loc.start, text: '' }
  if (members.length > 1) return { start: members[place - 1].loc.end, end: node.loc.end, text: '' }
  if (owner.kind !== 'Field') return put(owner, '{}')
  const [closing] = /^(?:[\s,]|#.*)*\)/.exec(text.slice(node.loc.end))
  return { start: owner.name.loc.end, end: node.loc.end + closing.length, text: '' }
}

/** The arguments of a field, or the fields of an input object. */
export const membersOf = (owner) => (owner.kind === 'Field' ? owner.arguments : owner.fields)

/** Puts a text in place of a node. */
export const put = (node, text) => ({ start: node.loc.start, end: node.loc.end, text })

const insert = (place, text) => ({ start: place, end: place, text })

const indentAt = (text, place) => /[ \t]*$/.exec(text.slice(0, place))[0]
