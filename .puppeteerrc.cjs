// npm ci must never fail on a browser download; src/runtime finds or installs one when it is needed.
module.exports = { skipDownload: true };
