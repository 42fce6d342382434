// Events from the server, shared by the tabs of one browser. Browsers allow about six connections to one server (HTTP/1.1), so one tab,
// the leader, keeps the event stream of an address open, and passes the events on to the other tabs. Every page that needs events uses
// this file. Only visible tabs lead or handle events; a tab that becomes visible gets the whole state again.

// listen calls handle with the data of each event that the server sends under a name. The first event comes soon after the call and
// after the page becomes visible, because the leader then connects again.
export function listen(address, name, handle) {
  const channel = globalThis.BroadcastChannel ? new BroadcastChannel("events " + address) : null;
  let source = null;
  let elected = null; // AbortController of the election in which this tab takes part

  const close = () => {
    source?.close();
    source = null;
  };
  const open = () => {
    close();
    source = new EventSource(address);
    source.addEventListener(name, (event) => {
      channel?.postMessage({ data: event.data });
      handle(event.data);
    });
  };
  channel?.addEventListener("message", ({ data: message }) => {
    if (message.joined && source) open();
    if ("data" in message && !source && !document.hidden) handle(message.data);
  });
  const stop = () => {
    elected?.abort();
    elected = null;
    close();
  };
  const start = () => {
    if (elected || document.hidden) return;
    elected = new AbortController();
    channel?.postMessage({ joined: true });
    elect(address, channel, elected.signal, open, close);
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
  addEventListener("pagehide", stop);
  addEventListener("pageshow", start);
  start();
}

// elect calls lead when this tab becomes the leader, at the latest when the leader before has gone. The tab takes part until the signal.
function elect(address, channel, signal, lead, yieldLead) {
  if (!channel) lead();
  else if (navigator.locks) electByLock(address, signal, lead);
  else electByAsking(channel, signal, lead, yieldLead);
}

function electByLock(address, signal, lead) {
  const untilStopped = () => new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", resolve, { once: true });
    lead();
  });
  navigator.locks.request("events " + address, { signal }, untilStopped).catch(() => {}); // rejected by the signal
}

// electByAsking is for pages without locks, which browsers offer only to HTTPS and to this computer's own addresses. A tab asks whether
// another one leads, and leads when nobody answers. If two tabs lead, the one with the higher number stops.
function electByAsking(channel, signal, lead, yieldLead) {
  const answerTime = 400;
  const askEvery = 4000;
  const number = Math.random();
  let leads = false;
  let answered = false;
  const ask = () => {
    if (signal.aborted) return;
    answered = false;
    channel.postMessage({ asks: number });
    setTimeout(decide, answerTime);
  };
  const decide = () => {
    if (signal.aborted) return;
    if (answered) {
      setTimeout(ask, askEvery);
      return;
    }
    leads = true;
    channel.postMessage({ leads: number });
    lead();
  };
  channel.addEventListener("message", ({ data: message }) => {
    if (leads && "asks" in message) channel.postMessage({ leads: number });
    if (!("leads" in message)) return;
    answered = true;
    if (!leads) return;
    if (number < message.leads) {
      channel.postMessage({ leads: number });
      return;
    }
    leads = false;
    yieldLead();
    setTimeout(ask, askEvery);
  }, { signal });
  ask();
}
