// Reads or sets single entries of a node's forwarding, partition and SL tables, behind the subnet manager's back.
//
//   smpset --lid N | --path 0,1,9  [--mkey 0xN] [--timeout MS] [--tries N]  KIND ENTRY…
//
//   lft     LID[-LID][=PORT]         255: no exit
//   mft     MLID[=PORT,…|=none|+PORT,…|-PORT,…]   the whole set of ports; some added; some taken away
//   pkey    PORT:INDEX[=P_KEY]       of an adapter the port is that which is asked, whatever PORT says
//   sl2vl   IN:OUT:SL[=VL]
//
// An entry without a value is read. Prints "KIND ENTRY: VALUE", read anew after a Set, for each. Only the block that the
// entry is in is written, and nothing else of it is changed. Exit status: 0 done, 1 an answer with another status
// or the value did not stay, 2 no answer, 3 wrong usage or no port.
//
// Tests use it to break a simulated fabric; it is no tool for a real one.
#include <errno.h>
#include <getopt.h>
#include <infiniband/umad.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { kGet = 0x01, kSet = 0x02, kMadSize = 256, kData = 64, kDataSize = 64, kInitialPath = 128 };
enum { kLidRouted = 0x01, kDirected = 0x81 };
enum { kPkeyTable = 0x16, kSlToVl = 0x17, kLinear = 0x19, kMulticast = 0x1b };
enum { kFirstMlid = 0xc000, kPortsOfMask = 16, kMlidsOfBlock = 32 };

static void put16(uint8_t *p, unsigned v) { p[0] = (uint8_t)(v >> 8); p[1] = (uint8_t)v; }
static void put32(uint8_t *p, uint32_t v) { put16(p, v >> 16); put16(p + 2, v & 0xffff); }
static void put64(uint8_t *p, uint64_t v) { put32(p, (uint32_t)(v >> 32)); put32(p + 4, (uint32_t)v); }
static unsigned get16(const uint8_t *p) { return (unsigned)p[0] << 8 | p[1]; }
static uint32_t get32(const uint8_t *p) { return (uint32_t)get16(p) << 16 | get16(p + 2); }

static int umad_port, agent, lid = -1, timeout_ms = 1000, tries = 3;
static uint8_t path[64];
static int hops = -1;
static uint64_t mkey;

static void fail(int code, const char *what, const char *which) {
  fprintf(stderr, "smpset: %s%s\n", what, which);
  exit(code);
}

// One Get or Set; `data` is sent and replaced by what is answered.
static void ask(int method, unsigned attribute, uint32_t modifier, uint8_t *data) {
  static uint32_t next_tid;
  const uint32_t tid = (uint32_t)getpid() << 12 | ++next_tid;
  uint8_t *umad = umad_alloc(1, umad_size() + kMadSize);
  if (!umad) fail(3, "out of memory", "");
  for (int t = 0; t < tries; t++) {
    memset(umad, 0, umad_size() + kMadSize);
    uint8_t *mad = umad_get_mad(umad);
    mad[0] = 1;
    mad[1] = hops >= 0 ? kDirected : kLidRouted;
    mad[2] = 1;
    mad[3] = (uint8_t)method;
    put32(mad + 12, tid);
    put16(mad + 16, attribute);
    put32(mad + 20, modifier);
    put64(mad + 24, mkey);
    if (hops >= 0) {
      mad[7] = (uint8_t)hops;
      put32(mad + 32, 0xffffffff);  // DrSLID and DrDLID: directed all the way
      memcpy(mad + kInitialPath, path, sizeof path);
    }
    memcpy(mad + kData, data, kDataSize);
    umad_set_addr(umad, hops >= 0 ? 0xffff : lid, 0, 0, 0);
    if (umad_send(umad_port, agent, umad, kMadSize, timeout_ms, 0) < 0) fail(2, "cannot send: ", strerror(errno));
    int length = kMadSize;
    while (umad_recv(umad_port, umad, &length, timeout_ms + 200) >= 0) {
      mad = umad_get_mad(umad);
      if (get32(mad + 12) != tid) continue;
      if (umad_status(umad)) break;
      const unsigned status = get16(mad + 4) & 0x7fff;  // the highest bit is the direction
      if (status) {
        fprintf(stderr, "smpset: attribute 0x%02x, modifier 0x%x: status 0x%04x\n", attribute, modifier, status);
        exit(1);
      }
      memcpy(data, mad + kData, kDataSize);
      umad_free(umad);
      return;
    }
  }
  fail(2, "no answer", "");
}

static unsigned number(char **text, unsigned limit) {
  char *end;
  errno = 0;
  const unsigned long value = strtoul(*text, &end, 0);
  if (end == *text || errno || value > limit) fail(3, "not a number, or too large: ", *text);
  *text = end;
  return (unsigned)value;
}

static void expect(char **text, char c) {
  if (*(*text)++ != c) fail(3, "what is meant by ", *text - 1);
}

static void end_of(const char *text) {
  if (*text) fail(3, "what is meant by ", text);
}

static int stayed = 1;

static void linear(char *text) {
  const unsigned first = number(&text, 0xbfff);
  unsigned last = first, exit_port = 0;
  if (*text == '-') text++, last = number(&text, 0xbfff);
  const int set = *text == '=';
  if (set) text++, exit_port = number(&text, 255);
  end_of(text);
  for (unsigned block = first / 64; block <= last / 64; block++) {
    uint8_t data[kDataSize] = {0};
    ask(kGet, kLinear, block, data);
    for (int again = 0; set && again < 2; again++) {  // written, then read
      for (unsigned l = block * 64; l < block * 64 + 64; l++) {
        if (l < first || l > last) continue;
        if (again && data[l % 64] != exit_port) stayed = 0;
        data[l % 64] = (uint8_t)exit_port;
      }
      ask(again ? kGet : kSet, kLinear, block, data);
    }
    for (unsigned l = block * 64; l < block * 64 + 64; l++)
      if (l >= first && l <= last) printf("lft %u: %u\n", l, data[l % 64]);
  }
}

static void ports_of(char *text, uint16_t *masks, int value) {
  if (!strcmp(text, "none")) return;
  for (;; text++) {
    const unsigned port = number(&text, 254);
    if (value) masks[port / kPortsOfMask] |= (uint16_t)(1u << port % kPortsOfMask);
    else masks[port / kPortsOfMask] &= (uint16_t) ~(1u << port % kPortsOfMask);
    if (!*text) return;
    if (*text != ',') end_of(text);
  }
}

static void multicast(char *text) {
  const unsigned mlid = number(&text, 0xfffe);
  if (mlid < kFirstMlid) fail(3, "a multicast LID is 0xc000 or more", "");
  const unsigned block = (mlid - kFirstMlid) / kMlidsOfBlock, at = 2 * ((mlid - kFirstMlid) % kMlidsOfBlock);
  const char how = *text;
  if (how && how != '=' && how != '+' && how != '-') end_of(text);
  uint16_t masks[16] = {0}, wanted[16];
  uint8_t data[16][kDataSize];
  // Positions beyond a switch's ports are left alone unless they are asked for.
  uint16_t named[16] = {0};
  if (how) ports_of(text + 1, named, 1);
  int positions = 4;
  for (int i = 0; i < 16; i++)
    if (named[i] && i >= positions) positions = i + 1;
  for (int i = 0; i < positions; i++) {
    memset(data[i], 0, kDataSize);
    ask(kGet, kMulticast, block | (uint32_t)i << 28, data[i]);
    masks[i] = (uint16_t)get16(data[i] + at);
  }
  memcpy(wanted, masks, sizeof wanted);
  if (how == '=') memset(wanted, 0, sizeof wanted);
  if (how) ports_of(text + 1, wanted, how != '-');
  for (int i = 0; i < positions; i++) {
    if (wanted[i] == masks[i]) continue;
    put16(data[i] + at, wanted[i]);
    ask(kSet, kMulticast, block | (uint32_t)i << 28, data[i]);
    ask(kGet, kMulticast, block | (uint32_t)i << 28, data[i]);
    if (get16(data[i] + at) != wanted[i]) stayed = 0;
    masks[i] = (uint16_t)get16(data[i] + at);
  }
  printf("mft 0x%04x:", mlid);
  int any = 0;
  for (int port = 0; port < 256; port++)
    if (masks[port / 16] >> port % 16 & 1) printf("%c%d", any++ ? ',' : ' ', port);
  printf("%s\n", any ? "" : " none");
}

static void partition(char *text) {
  const unsigned port = number(&text, 254);
  expect(&text, ':');
  const unsigned index = number(&text, 0xffff);
  const uint32_t modifier = port << 16 | index / 32;
  uint8_t data[kDataSize] = {0};
  ask(kGet, kPkeyTable, modifier, data);
  if (*text) {
    expect(&text, '=');
    const unsigned key = number(&text, 0xffff);
    end_of(text);
    put16(data + 2 * (index % 32), key);
    ask(kSet, kPkeyTable, modifier, data);
    ask(kGet, kPkeyTable, modifier, data);
    if (get16(data + 2 * (index % 32)) != key) stayed = 0;
  }
  printf("pkey %u:%u: 0x%04x\n", port, index, get16(data + 2 * (index % 32)));
}

static void sl_to_vl(char *text) {
  const unsigned in = number(&text, 254);
  expect(&text, ':');
  const unsigned out = number(&text, 254);
  expect(&text, ':');
  const unsigned sl = number(&text, 15), shift = sl % 2 ? 0 : 4;
  uint8_t data[kDataSize] = {0};
  ask(kGet, kSlToVl, in << 8 | out, data);
  if (*text) {
    expect(&text, '=');
    const unsigned vl = number(&text, 15);
    end_of(text);
    data[sl / 2] = (uint8_t)((data[sl / 2] & ~(15u << shift)) | vl << shift);
    ask(kSet, kSlToVl, in << 8 | out, data);
    ask(kGet, kSlToVl, in << 8 | out, data);
    if ((data[sl / 2] >> shift & 15u) != vl) stayed = 0;
  }
  printf("sl2vl %u:%u:%u: %u\n", in, out, sl, data[sl / 2] >> shift & 15u);
}

static void parse_path(char *text) {
  for (hops = -1;; text++) {
    if (++hops == (int)sizeof path) fail(3, "too many hops", "");
    path[hops] = (uint8_t)number(&text, 254);
    if (!*text) break;
    if (*text != ',') end_of(text);
  }
  if (path[0]) fail(3, "a path begins with 0", "");
}

int main(int argc, char **argv) {
  enum { oLid = 1, oPath, oMkey, oTimeout, oTries };
  static const struct option options[] = {{"lid", 1, 0, oLid},         {"path", 1, 0, oPath},   {"mkey", 1, 0, oMkey},
                                          {"timeout", 1, 0, oTimeout}, {"tries", 1, 0, oTries}, {0, 0, 0, 0}};
  // '+': an entry like -3 is none of the options
  for (int o; (o = getopt_long(argc, argv, "+", options, NULL)) != -1;) switch (o) {
      case oLid: lid = (int)number(&optarg, 0xbfff); break;
      case oPath: parse_path(optarg); break;
      case oMkey: mkey = strtoull(optarg, NULL, 0); break;
      case oTimeout: timeout_ms = atoi(optarg); break;
      case oTries: tries = atoi(optarg); break;
      default: return 3;
    }
  if (optind + 2 > argc || (lid < 0 && hops < 0)) fail(3, "--lid N or --path 0,…, then KIND ENTRY…", "");
  static const struct {
    const char *name;
    void (*handle)(char *);
  } kinds[] = {{"lft", linear}, {"mft", multicast}, {"pkey", partition}, {"sl2vl", sl_to_vl}};
  void (*handle)(char *) = NULL;
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    if (!strcmp(argv[optind], kinds[i].name)) handle = kinds[i].handle;
  if (!handle) fail(3, "lft, mft, pkey or sl2vl, not ", argv[optind]);

  if (umad_init() < 0) fail(3, "no umad", "");
  umad_port = umad_open_port(NULL, 0);
  if (umad_port < 0) fail(3, "cannot open the port", "");
  agent = umad_register(umad_port, hops >= 0 ? kDirected : kLidRouted, 1, 0, NULL);
  if (agent < 0) fail(3, "cannot register with the port", "");
  for (int i = optind + 1; i < argc; i++) handle(argv[i]);
  umad_unregister(umad_port, agent);
  umad_close_port(umad_port);
  umad_done();
  return stayed ? 0 : 1;
}
