import { defineConfig } from 'vite';

export default defineConfig({
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
  // For `npm run dev`: the gateway answers what is not a page.
  server: { proxy: { '/api': process.env['PRIMATRIX_GATEWAY'] ?? 'http://127.0.0.1:8337' } },
});
