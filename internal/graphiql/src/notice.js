import { create } from 'zustand'

/** What the page says of the last click, in a few words; "" a few seconds later. */
export const useNotice = create(() => '')

let timer

export function notify(text) {
  clearTimeout(timer)
  useNotice.setState(text)
  timer = setTimeout(() => useNotice.setState(''), 4000)
}

/** Puts a text into the clipboard, and says so. */
export async function copy(text, notice) {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    copySelection(text) // over HTTP, except from this machine, pages have no navigator.clipboard
  }
  notify(notice)
}

function copySelection(text) {
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}
