// A part of the page that runs by itself is unknown to a server that was started anew, or that has let the visit go. Such a
// server answers it with nothing, so that it would stand still for ever: when the line is there again, the whole page runs.
const UNDER_WAY = '.st-key-coming, [class*="st-key-watched_"]';

export default function ({ setStateValue }) {
  const app = document.querySelector('[data-testid="stApp"]');
  let broken = false;
  const look = () => {
    const connected = app.dataset.testConnectionState === 'CONNECTED', part = document.querySelector(UNDER_WAY);
    if (connected && broken && part) setStateValue('broke', `${part.className.match(/st-key-(\w+)/)[1]} ${Date.now()}`);
    broken = !connected;
  };
  const line = new MutationObserver(look);
  line.observe(app, { attributes: true, attributeFilter: ['data-test-connection-state'] });
  return () => line.disconnect();
}
