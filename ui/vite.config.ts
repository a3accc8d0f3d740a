import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { mockServer } from './mock/plugin.ts'

export default defineConfig({
  plugins: [svelte(), mockServer()],
  // Relative: the server says in <base> where the page lies.
  base: '',
  build: {
    target: 'es2022',
    // The page runs under a strict CSP: nothing may be turned into a data: or inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: { include: ['{src,mock,test}/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000 },
})
