import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const repository = path.join(import.meta.dirname, '../../..')

/**
 * Starts the service with GraphiQL's built files and these settings, without
 * any on its sandbox. The program is TEXTER_GRAPHQL_BINARY, or else built from
 * this repository.
 */
export async function startService(settings = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'graphiql-service-'))
  const binary = process.env.TEXTER_GRAPHQL_BINARY || (await build(folder))
  const child = spawn(binary, ['-addr', '127.0.0.1:0'], {
    env: settings, // and not the caller's own
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill()
      await once(child, 'exit')
    }
    await rm(folder, { recursive: true })
  }
  try {
    return { url: await address(child), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function build(folder) {
  if (!existsSync(path.join(import.meta.dirname, '../dist/index.html'))) {
    throw new Error('GraphiQL is not built: npm run build')
  }
  const binary = path.join(folder, 'texter-graphql')
  await promisify(execFile)('go', ['build', '-o', binary, '.'], { cwd: repository })
  return binary
}

/** The page's URL, which the service prints once it listens. */
async function address(child) {
  const lines = createInterface({ input: child.stderr })
  const printed = []
  for await (const line of lines) {
    printed.push(line)
    const url = line.match(/^GraphiQL: (http:\S+)/)?.[1]
    if (url) {
      child.stderr.resume() // or the service would stop at a full pipe
      return url
    }
  }
  throw new Error(`the service did not start:\n${printed.join('\n')}`)
}
