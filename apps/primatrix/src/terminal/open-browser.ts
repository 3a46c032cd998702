import open from 'open';

/** Opens an address in the system's browser; where there is none, people open what was printed. */
export async function openBrowser(address: string): Promise<void> {
  if (!hasScreen()) return say();
  try {
    const browser = await open(address);
    browser.once('error', say);
    browser.once('exit', (code) => {
      if (code !== 0 && code !== null) say();
    });
  } catch {
    say();
  }
}

/** On Linux a browser needs a screen: there is none over SSH, nor in a container. */
function hasScreen(): boolean {
  if (process.platform !== 'linux') return true;
  return ['DISPLAY', 'WAYLAND_DISPLAY', 'BROWSER', 'WSL_DISTRO_NAME'].some((name) => Boolean(process.env[name]));
}

function say(): void {
  process.stderr.write('no browser could be opened: open the address above\n');
}
