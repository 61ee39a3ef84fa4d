package main

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const token = "cofferdam-canary-0123456789abcdef0123456789abcdef"

func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func TestRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	content := strings.Repeat("a\x00b\n", 3000)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	got := kind(t, "read", "--path", path, "--max", "5")
	if got.Value["text"] != `a\x00b`+"\na" || got.Value["bytes"] != 12000.0 || got.Value["sha256"] != digestOf(content) || got.Value["truncated"] != true {
		t.Errorf("got %v", got)
	}
	refused(t, kind(t, "read", "--path", path+".not"), "ENOENT", "open")
	refused(t, kind(t, "read", "--path", "/proc"), "EISDIR", "read")
	if got := kind(t, "read", "--path", "/dev/zero"); got.Value["bytes"] != float64(16<<20) {
		t.Errorf("got %v", got)
	}
}

// What the limits are is this machine's; that one version of cgroup tells each, all of it and in one order, is everywhere so.
func TestLimits(t *testing.T) {
	for of, names := range map[string][2]string{"memory": {"memory.max", "memory.limit_in_bytes"}, "cpu": {"cpu.max", "cpu.cfs_quota_us cpu.cfs_period_us"}} {
		got := kind(t, "limits", "--of", of)
		if got.Errno != "" {
			// The root of cgroup v2 has no limits, and so no files.
			refused(t, got, "ENOENT", "open")
			continue
		}
		read := []string{}
		for _, file := range got.Value["files"].([]any) {
			read = append(read, filepath.Base(file.(map[string]any)["path"].(string)))
		}
		if joined := strings.Join(read, " "); joined != names[0] && joined != names[1] {
			t.Errorf("%s is told by %s", of, joined)
		}
		// Not every kernel counts swap.
		if beside, ok := got.Value["beside"].(map[string]any); ok {
			name := filepath.Base(beside["path"].(string))
			if want := map[string][2]string{"memory": {"memory.swap.max", "memory.memsw.limit_in_bytes"}, "cpu": {"cpu.weight", "cpu.shares"}}[of]; name != want[0] && name != want[1] {
				t.Errorf("beside the limit of %s stands %s", of, name)
			}
			if beside["text"] == "" {
				t.Errorf("%s reads empty", name)
			}
		}
	}
	if got := kind(t, "limits", "--of", "luck"); got.NotAttempted == "" {
		t.Errorf("got %v", got)
	}
}

func refused(t *testing.T, got observation, errno, step string) {
	t.Helper()
	if got.Errno != errno || got.Step != step || got.Value != nil {
		t.Errorf("got %v, want %s of %s", got, errno, step)
	}
}

func TestOpen(t *testing.T) {
	directory := t.TempDir()
	if got := kind(t, "open", "--path", "/dev/null", "--flags", "rw"); got.Value["type"] != "char" || got.Value["major"] != 1.0 || got.Value["minor"] != 3.0 {
		t.Errorf("got %v", got)
	}
	// Never creates.
	missing := filepath.Join(directory, "missing")
	refused(t, kind(t, "open", "--path", missing, "--flags", "w"), "ENOENT", "open")
	if _, err := os.Lstat(missing); err == nil {
		t.Error("it was created")
	}
	// Never truncates, never waits for a pipe's other end.
	full := filepath.Join(directory, "full")
	_ = os.WriteFile(full, []byte("x"), 0o600)
	if got := kind(t, "open", "--path", full, "--flags", "w"); got.Value["type"] != "file" {
		t.Errorf("got %v", got)
	}
	if data, _ := os.ReadFile(full); string(data) != "x" {
		t.Errorf("it holds %q now", data)
	}
	pipe := filepath.Join(directory, "pipe")
	_ = unix.Mkfifo(pipe, 0o600)
	refused(t, kind(t, "open", "--path", pipe, "--flags", "w"), "ENXIO", "open")
	if got := kind(t, "open", "--path", directory); got.Value["type"] != "dir" {
		t.Errorf("got %v", got)
	}
	if got := kind(t, "open", "--path", full, "--flags", "x"); got.NotAttempted == "" {
		t.Errorf("got %v", got)
	}
}

// A directory is never opened for writing: its mount is asked.
func TestOpenDirectoryForWriting(t *testing.T) {
	if got := kind(t, "open", "--path", t.TempDir(), "--flags", "w"); got.Value["type"] != "dir" {
		t.Errorf("got %v", got)
	}
	refused(t, unprivileged(t, "open", "--path", "/proc", "--flags", "w"), "EACCES", "faccessat")
}

func TestDevices(t *testing.T) {
	needsRoot(t, "makes device files")
	directory := t.TempDir()
	deep := filepath.Join(directory, "a", "b")
	if err := os.MkdirAll(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	for path, number := range map[string]uint64{
		filepath.Join(directory, "z-first"): unix.Mkdev(1, 3),
		filepath.Join(deep, "null"):         unix.Mkdev(10, 229),
		// As an overlay notes that a file was deleted.
		filepath.Join(deep, "whiteout"): unix.Mkdev(0, 0),
	} {
		if err := unix.Mknod(path, unix.S_IFCHR|0o600, int(number)); err != nil {
			t.Skipf("no device files can be made here: %v", err)
		}
	}
	if err := os.Symlink("/dev", filepath.Join(directory, "link")); err != nil {
		t.Fatal(err)
	}
	got := kind(t, "devices", "--path", directory)
	want := []any{
		map[string]any{"path": directory + "/z-first", "type": "char", "major": 1.0, "minor": 3.0},
		map[string]any{"path": deep + "/null", "type": "char", "major": 10.0, "minor": 229.0},
	}
	if !reflect.DeepEqual(got.Value["devices"], want) || got.Value["looked"] != 6.0 || got.Value["truncated"] != false {
		t.Errorf("got %v", got)
	}
	refused(t, kind(t, "devices", "--path", directory+"/none"), "ENOENT", "stat")
}

func TestFiles(t *testing.T) {
	directory := t.TempDir()
	deep := filepath.Join(directory, "a", "b")
	if err := os.MkdirAll(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	_ = os.WriteFile(filepath.Join(deep, "file"), nil, 0o600)
	_ = os.Symlink("/proc", filepath.Join(directory, "link"))
	_ = unix.Mkfifo(filepath.Join(directory, "pipe"), 0o600)
	got := kind(t, "files", "--path", directory)
	want := []any{
		map[string]any{"path": directory + "/link", "type": "symlink"},
		map[string]any{"path": directory + "/pipe", "type": "fifo"},
		map[string]any{"path": deep + "/file", "type": "file"},
	}
	if !reflect.DeepEqual(got.Value["files"], want) || got.Value["looked"] != 5.0 || got.Value["truncated"] != false {
		t.Errorf("got %v", got)
	}
	// Everything there is mounted.
	if got := kind(t, "files", "--path", "/dev"); strings.Contains(fmt.Sprint(got.Value["files"]), "/dev/pts/") {
		t.Errorf("got %v", got)
	}
	refused(t, kind(t, "files", "--path", directory+"/none"), "ENOENT", "open")
}

func TestDevicesAreLookedForInBounds(t *testing.T) {
	directory := t.TempDir()
	for i := range 4100 {
		if err := os.WriteFile(filepath.Join(directory, fmt.Sprint(i)), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := kind(t, "devices", "--path", directory); got.Value["truncated"] != true || got.Value["looked"] != 4096.0 {
		t.Errorf("got %v", got)
	}
}

func TestPeek(t *testing.T) {
	directory := t.TempDir()
	if got := kind(t, "peek", "--path", directory); got.Value["type"] != "dir" || got.Value["entries"] != 0.0 {
		t.Errorf("got %v", got)
	}
	if got := kind(t, "peek", "--path", "/dev/null"); got.Value["type"] != "char" || got.Value["minor"] != 3.0 || got.Value["bytes"] != nil {
		t.Errorf("got %v", got)
	}
	if got := kind(t, "peek", "--path", "/proc/version"); got.Value["fstype"] != "proc" || got.Value["bytes"] != 64.0 {
		t.Errorf("got %v", got)
	}
	refused(t, kind(t, "peek", "--path", directory+"/x"), "ENOENT", "lstat")
	// Of what is there and cannot be read, that it is there is told.
	got := unprivileged(t, "peek", "--path", "/proc/vmallocinfo")
	if got.Value["type"] != "file" || got.Value["fstype"] != "proc" || got.Value["refused"] != "EACCES" || got.Value["bytes"] != nil {
		t.Errorf("got %v", got)
	}
}

func TestList(t *testing.T) {
	directory := t.TempDir()
	for _, name := range []string{"b", "a\x1b", "c"} {
		_ = os.Mkdir(filepath.Join(directory, name), 0o700)
	}
	got := kind(t, "list", "--path", directory, "--max", "2")
	entries := got.Value["entries"].([]any)
	if len(entries) != 2 || entries[0].(map[string]any)["name"] != `a\x1b` || entries[0].(map[string]any)["type"] != "dir" || got.Value["truncated"] != true {
		t.Errorf("got %v", got)
	}
}

func TestAListThatIsTooLongIsCut(t *testing.T) {
	directory := t.TempDir()
	for i := range 400 {
		if err := os.Mkdir(filepath.Join(directory, fmt.Sprintf("%03d%s", i, strings.Repeat("\x01", 200))), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	got := attempts(t, map[string]any{"id": "a", "kind": "list", "path": directory})
	entries, _ := got[0].Value["entries"].([]any)
	if len(entries) < 20 || got[0].Value["truncated"] != true {
		t.Errorf("%d entries, truncated %v, %s", len(entries), got[0].Value["truncated"], got[0].NotAttempted)
	}
}

func TestSearchFiles(t *testing.T) {
	directory := t.TempDir()
	_ = os.WriteFile(filepath.Join(directory, "one"), []byte("nothing"), 0o600)
	_ = os.WriteFile(filepath.Join(directory, "two"), []byte("say "+token+"."), 0o600)
	got := kind(t, "search", "--where", "files", "--sha256", digestOf(token), "--paths", directory+"/none", "--paths", directory+"/*")
	if got.Value["found"] != token || got.Value["at"] != directory+"/two" || got.Value["looked"] != 2.0 {
		t.Errorf("got %v", got)
	}
	got = kind(t, "search", "--where", "files", "--sha256", digestOf("other"), "--paths", directory+"/*")
	if got.Value["found"] != nil || got.Value["looked"] != 2.0 {
		t.Errorf("got %v", got)
	}
	refused(t, kind(t, "search", "--where", "files", "--sha256", digestOf(token), "--paths", directory+"/none/*"), "ENOENT", "open")
	refused(t, kind(t, "search", "--where", "files", "--sha256", digestOf(token), "--paths", directory+"/x*"), "ENOENT", "glob")
	refused(t, kind(t, "search", "--where", "files", "--sha256", digestOf(token), "--paths", directory), "EISDIR", "read")
}

func TestSearchKernelLog(t *testing.T) {
	got := kind(t, "search", "--where", "kernel-log", "--sha256", digestOf(token))
	if got.NotAttempted != "" || (got.Value == nil) == (got.Errno == "") {
		t.Errorf("got %v", got)
	}
}

func TestConnect(t *testing.T) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			buffer := make([]byte, 5)
			_, _ = io.ReadFull(connection, buffer)
			_, _ = fmt.Fprintf(connection, "%s %s", buffer, token)
		}
	}()
	got := kind(t, "connect", "--network", "tcp", "--address", address, "--payload", "hello")
	if got.Value["class"] != "open" || got.Value["reply"] != "hello "+token {
		t.Errorf("got %v", got)
	}
	got = kind(t, "connect", "--network", "tcp", "--address", address, "--timeoutMs", "200")
	if got.Value["class"] != "open" || got.Value["reply"] != "" {
		t.Errorf("a server that says nothing: %v", got)
	}
	listener.Close()
	refused(t, kind(t, "connect", "--network", "tcp", "--address", address), "ECONNREFUSED", "connect")
	refused(t, kind(t, "connect", "--network", "unix", "--address", t.TempDir()+"/x"), "ENOENT", "connect")
	silent, _ := net.ListenPacket("udp4", "127.0.0.1:0")
	defer silent.Close()
	refused(t, kind(t, "connect", "--network", "udp", "--address", silent.LocalAddr().String(), "--payload", "x", "--timeoutMs", "200"), "ETIMEDOUT", "read")
}

func TestHTTP(t *testing.T) {
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, r.URL.RequestURI()+strings.Repeat("x", 1000))
	})
	plain, secure := httptest.NewServer(answer), httptest.NewTLSServer(answer)
	defer plain.Close()
	defer secure.Close()
	for _, url := range []string{plain.URL, secure.URL} {
		got := kind(t, "http", "--url", url+"/a?b=c")
		body, _ := got.Value["body"].(string)
		if got.Value["status"] != 403.0 || !strings.HasPrefix(body, "/a?b=cxxx") || len(body) != 512 {
			t.Errorf("got %v", got)
		}
	}
	asked := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "as "+r.Header.Get("Authorization"))
	}))
	defer asked.Close()
	token := t.TempDir() + "/token"
	if err := os.WriteFile(token, []byte("a.b.c\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{"": "as ", token: "as Bearer a.b.c"} {
		if got := kind(t, "http", "--url", asked.URL, "--token", file); got.Value["body"] != want {
			t.Errorf("with token %q: got %v, want %q", file, got, want)
		}
	}
	// That it has no token is nobody's refusal.
	if got := kind(t, "http", "--url", asked.URL, "--token", token+"-gone"); got.NotAttempted == "" {
		t.Errorf("without its token: got %v", got)
	}
	thinking := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(400 * time.Millisecond)
		answer(w, r)
	}))
	defer thinking.Close()
	if got := kind(t, "http", "--url", thinking.URL, "--timeoutMs", "100"); got.Value["status"] != 403.0 {
		t.Errorf("the time for connecting is not the time for an answer: got %v", got)
	}
	refused(t, kind(t, "http", "--url", thinking.URL, "--answerMs", "100"), "ETIMEDOUT", "read")
	demanding := httptest.NewUnstartedServer(answer)
	demanding.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	demanding.Config.ErrorLog = nil
	demanding.StartTLS()
	defer demanding.Close()
	if got := kind(t, "http", "--url", demanding.URL); got.Value["alert"] != "certificate required" {
		t.Errorf("a server that wants a certificate: got %v", got)
	}
	if got := kind(t, "http", "--url", "ftp://127.0.0.1/"); got.NotAttempted == "" {
		t.Errorf("got %v", got)
	}
}

var callNames = strings.Fields(`init_module finit_module delete_module kexec_load mount fsopen bpf perf_event_open userfaultfd
	io_uring_setup keyctl add_key ptrace process_vm_readv unshare_user setns clock_settime settimeofday iopl socket_af_alg
	socket_af_vsock socket_af_packet swapon acct pivot_root request_key clone_user mount_setattr fanotify_init
	quotactl_fd move_pages quotactl set_mempolicy mbind migrate_pages kcmp process_madvise mount_nowhere umount2
	open_tree fsconfig pidfd_getfd reboot sethostname open_by_handle_at iopl_level ioperm_range clock_settime_invalid personality get_mempolicy io_uring_enter
	init_module_x32 finit_module_x32 delete_module_x32 kexec_load_x32 kexec_file_load_x32 syslog_x32
	fsopen_x32 move_mount_x32 reboot_x32`)

// A call tells either how far it came or what refused it.
func TestCalls(t *testing.T) {
	list := []map[string]any{}
	for _, name := range callNames {
		list = append(list, map[string]any{"id": name, "kind": "call", "call": name})
	}
	before, _ := os.Hostname()
	for _, got := range attempts(t, list...) {
		if got.NotAttempted != "" || (got.Value == nil) == (got.Errno == "") || (got.Value != nil && got.Value["reachedKernel"] != true) {
			t.Errorf("got %v", got)
		}
	}
	if after, _ := os.Hostname(); after != before {
		t.Errorf("the host's name is %q now", after)
	}
}

// The same calls by nobody: what needs a privilege is refused, and says so.
func TestCallsWithoutPrivilege(t *testing.T) {
	for _, name := range []string{"mount", "fsopen", "acct", "pivot_root", "reboot", "sethostname", "clock_settime", "settimeofday", "socket_af_packet"} {
		got := unprivileged(t, "call", "--call", name)
		if got.Errno != "EPERM" {
			t.Errorf("%s: got %v", name, got)
		}
	}
	// Nobody is asked for a privilege by what is turned down before: only a filter stands before these, which answers EPERM,
	// EACCES or ENOSYS.
	for name, errno := range map[string]string{
		"swapon": "EINVAL", "bpf": "E2BIG", "perf_event_open": "EINVAL", "userfaultfd": "EINVAL", "request_key": "ENOKEY",
		"clone_user": "EINVAL", "mount_setattr": "EINVAL", "fanotify_init": "EINVAL", "quotactl_fd": "EBADF", "move_pages": "EINVAL",
		"quotactl": "EINVAL", "set_mempolicy": "EINVAL", "mbind": "EINVAL", "migrate_pages": "ESRCH", "kcmp": "ESRCH",
		"process_madvise": "EINVAL", "mount_nowhere": "ENOENT", "umount2": "EINVAL", "open_tree": "EINVAL", "fsconfig": "EINVAL",
		"pidfd_getfd": "EINVAL", "setns": "EBADF", "iopl_level": "EINVAL", "ioperm_range": "EINVAL", "clock_settime_invalid": "EINVAL",
		"get_mempolicy": "EINVAL", "io_uring_enter": "EBADF",
	} {
		got := unprivileged(t, "call", "--call", name)
		filtered := got.Errno == "EPERM" || got.Errno == "EACCES" || got.Errno == "ENOSYS"
		if !filtered && (got.Value["reachedKernel"] != true || got.Value["errno"] != errno) {
			t.Errorf("%s: got %v, want %s", name, got, errno)
		}
	}
	// Nobody has the privilege, and no filter stands before this process: its second number says so, where the kernel has
	// no x32. A kernel may be without the call itself.
	for _, name := range callNames {
		if !strings.HasSuffix(name, "_x32") {
			continue
		}
		got := unprivileged(t, "call", "--call", name)
		if got.Errno != "EPERM" && got.Errno != "ENOSYS" && (runtime.GOARCH != "amd64" || got.Value["reachedKernel"] != true || got.Value["errno"] != "ENOSYS") {
			t.Errorf("%s: got %v", name, got)
		}
	}
	got := unprivileged(t, "call", "--call", "ptrace")
	if got.Value["errno"] != "ESRCH" {
		t.Errorf("ptrace needs no privilege for a process that cannot be: %v", got)
	}
	refused(t, unprivileged(t, "device", "--type", "c", "--major", "1", "--minor", "3"), "EPERM", "mknod")
}

func TestHandle(t *testing.T) {
	needsRoot(t, "a file is opened by its handle")
	path := filepath.Join(t.TempDir(), "canary")
	_ = os.WriteFile(path, []byte(token), 0o600)
	handle, _, err := unix.NameToHandleAt(unix.AT_FDCWD, path, 0)
	if err != nil {
		t.Skipf("this file system has no handles: %v", err)
	}
	arguments := []string{"handle", "--mount", filepath.Dir(path), "--type", fmt.Sprint(handle.Type()), "--handle", hex.EncodeToString(handle.Bytes()), "--sha256", digestOf(token)}
	if got := kind(t, arguments...); got.Value["found"] != token || got.Value["text"] != token {
		t.Errorf("got %v", got)
	}
	refused(t, kind(t, "handle", "--mount", "/none", "--type", "1", "--handle", "00"), "ENOENT", "open")
}

func TestDevice(t *testing.T) {
	needsRoot(t, "a device node is made")
	// 1:3 is /dev/null.
	if got := kind(t, "device", "--type", "c", "--major", "1", "--minor", "3"); got.Value["opened"] != true && got.Errno == "" {
		t.Errorf("got %v", got)
	}
	if got := kind(t, "device", "--type", "c", "--major", "1", "--minor", "3", "--flags", "rw"); got.Value["access"] != "rw" && got.Errno == "" {
		t.Errorf("asked what is allowed, got %v", got)
	}
	if got := kind(t, "device", "--type", "c", "--major", "1", "--minor", "3", "--flags", "w"); got.NotAttempted == "" {
		t.Errorf("asked for what it does not do, got %v", got)
	}
	if got := kind(t, "device", "--type", "c", "--major", "10", "--minor", "130"); !strings.Contains(got.NotAttempted, "watchdog") {
		t.Errorf("got %v", got)
	}
	if left, _ := filepath.Glob("/.cofferdam-*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestPriority(t *testing.T) {
	// A thread of this test's, so that nothing but it is ranked elsewhere; it ends with its goroutine.
	ranked := make(chan int)
	done := make(chan struct{})
	defer close(done)
	go func() {
		runtime.LockOSThread()
		_ = unix.Setpriority(unix.PRIO_PROCESS, 0, 19)
		_, _, _ = unix.Syscall(unix.SYS_IOPRIO_SET, 1, 0, 3<<13)
		ranked <- unix.Gettid()
		<-done
	}()
	got := kind(t, "priority", "--pid", fmt.Sprint(<-ranked))
	if got.Value["policy"] != "other" || got.Value["nice"] != 19.0 || got.Value["io"] != "idle" {
		t.Errorf("got %v", got)
	}
	for name, limit := range map[string]int{"niceLimit": unix.RLIMIT_NICE, "realTimeLimit": unix.RLIMIT_RTPRIO} {
		var both unix.Rlimit
		if err := unix.Getrlimit(limit, &both); err != nil {
			t.Fatal(err)
		}
		if got.Value[name] != float64(min(both.Max, 1000)) {
			t.Errorf("%s is %v, want %d", name, got.Value[name], both.Max)
		}
	}
	raised := kind(t, "priority", "--raise", "1")
	if raised.Errno != "" && os.Getuid() != 0 {
		t.Skip("needs the right to raise a priority")
	}
	if raised.Value["nice"] != -1.0 {
		t.Errorf("got %v", raised)
	}
}

func TestSearchKeys(t *testing.T) {
	id, err := unix.AddKey("user", "cofferdam-test-search", []byte(token), unix.KEY_SPEC_USER_KEYRING)
	if err != nil {
		t.Skipf("no key can be added here: %v", err)
	}
	defer func() { _, _ = unix.KeyctlInt(unix.KEYCTL_UNLINK, id, unix.KEY_SPEC_USER_KEYRING, 0, 0) }()
	const userMayRead = 0x3f0b0000
	if err := unix.KeyctlSetperm(id, userMayRead); err != nil {
		t.Fatal(err)
	}
	search := func(description string) observation {
		return kind(t, "search", "--where", "keyring", "--sha256", digestOf(token), "--description", description)
	}
	if got := search("cofferdam-test-search"); got.Value["found"] != token {
		t.Errorf("got %v", got)
	}
	if got := search("cofferdam-test-nothing"); got.Value["found"] != nil || got.Value["looked"] != 1.0 {
		t.Errorf("got %v", got)
	}
	refused(t, search(""), "EINVAL", "keyctl")
}

func TestOwnProcess(t *testing.T) {
	got := kind(t, "namespaces")
	self, _ := got.Value["self"].(map[string]any)
	if link, _ := os.Readlink("/proc/self/ns/net"); "net:["+fmt.Sprint(self["net"])+"]" != link {
		t.Errorf("got %v, want %s", got, link)
	}
	if got := kind(t, "credentials", "--pid", fmt.Sprint(os.Getpid())); got.Value["uid"] != float64(os.Getuid()) || len(got.Value["capEff"].(string)) != 16 {
		t.Errorf("got %v", got)
	}
	t.Setenv("OF_A_TEST", "not-to-be-told")
	if got := kind(t, "environment"); !strings.Contains(fmt.Sprint(got.Value["names"]), " OF_A_TEST ") || strings.Contains(fmt.Sprint(got), "not-to-be-told") {
		t.Errorf("got %v", got)
	}
	if got := kind(t, "mounts"); len(got.Value["mounts"].([]any)) == 0 {
		t.Errorf("got %v", got)
	}
	if got := kind(t, "disks"); got.Value["disks"] == nil && got.Errno == "" {
		t.Errorf("got %v", got)
	}
	// Whether they may be opened depends on who runs this, and where.
	if got := kind(t, "volumes"); got.Value["volumes"] == nil && got.Errno == "" {
		t.Errorf("got %v", got)
	}
	want, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if got := kind(t, "identity"); got.Value["bootId"] != strings.TrimSpace(string(want)) || got.Value["btime"].(float64) < 1e9 || got.Value["gvisor"] != false {
		t.Errorf("got %v", got)
	}
}

func TestLoadMovesTheCounterByExactlyThat(t *testing.T) {
	const counter = "/proc/sys/fs/aio-nr"
	if _, err := os.Stat(counter); err != nil {
		t.Skip("this kernel has no asynchronous I/O counter")
	}
	seen := make(chan bool)
	stop := make(chan struct{})
	before, _ := os.ReadFile(counter)
	go func() {
		moved := false
		for {
			select {
			case <-stop:
				seen <- moved
				return
			default:
				now, _ := os.ReadFile(counter)
				var a, b int
				_, _ = fmt.Sscan(string(before), &a)
				_, _ = fmt.Sscan(string(now), &b)
				moved = moved || b-a == 2345
			}
		}
	}()
	got := kind(t, "load", "--slots", "2345", "--holdMs", "50", "--times", "2")
	close(stop)
	if moved := <-seen; !moved || got.Value["reserved"] != 2345.0 || got.Value["times"] != 2.0 {
		t.Errorf("moved %v, got %v", moved, got)
	}
}

func TestUsage(t *testing.T) {
	if code := run([]string{"probe", "no-such-kind"}); code != exitUsage {
		t.Errorf("exit code %d", code)
	}
	if code := run([]string{"probe", "read", "--wrong", "x"}); code != exitUsage {
		t.Errorf("exit code %d", code)
	}
}
