package witness

import (
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
	"cofferdam/probes/internal/proc"
)

// parents are directories of a node of which a pod has no business to be served more than a part that is its own, and that hold
// nothing else: all directories in them count as well, but for what keeps.
var parents = []string{"/", "/etc", "/home", "/media", "/mnt", "/opt", "/root", "/srv", "/usr", "/usr/local", "/var", "/var/lib"}

// keeps are where a monitor or a file server has what it works with.
var keeps = []string{"/opt/kata", "/usr/libexec", "/usr/share", "/var/lib/kata"}

// maxChildren bounds how many directories of one are read.
const maxChildren = 256

// nodeDirectories are others: below those, and in memory, the ones with credentials, settings, sockets and other pods'
// files. None is a pod's own snapshot or bundle.
var nodeDirectories = []string{
	"/run/containerd", "/run/crio", "/var/run",
	"/etc/cni/net.d", "/etc/kubernetes/manifests", "/etc/kubernetes/pki", "/etc/kubernetes/pki/etcd", "/etc/rancher/k3s", "/etc/rancher/rke2",
	"/etc/ssl/private", "/etc/systemd/system", "/opt/cni/bin", "/run/dbus", "/run/docker", "/run/systemd",
	"/run/containerd/io.containerd.grpc.v1.cri", "/run/containerd/io.containerd.grpc.v1.cri/sandboxes", "/run/containerd/io.containerd.runtime.v2.task",
	"/run/containerd/io.containerd.runtime.v2.task/k8s.io", "/run/kata-containers/shared/sandboxes", "/run/netns", "/run/secrets", "/run/user", "/run/vc",
	"/var/lib/containerd/io.containerd.content.v1.content", "/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs",
	"/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots", "/var/lib/containers/storage", "/var/lib/containers/storage/overlay",
	"/var/lib/containerd/io.containerd.grpc.v1.cri/containers", "/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes",
	"/var/lib/etcd/member", "/var/lib/k0s/pki", "/var/lib/rancher/k3s", "/var/lib/rancher/k3s/server", "/var/lib/rancher/rke2",
	"/var/lib/rancher/rke2/server", "/var/log/containers", "/var/log/pods", "/var/spool/cron",
}

// kubeletDirectories are the same below the kubelet's own, in `pods` of which each pod has what is its own.
var kubeletDirectories = []string{"", "/device-plugins", "/pki", "/plugins_registry", "/pods"}

// nodeFiles are files of which none but the node's own services has a use, known wherever they are mounted and whatever a
// server that changed its root calls them: keys, passwords, and what administers the cluster.
var nodeFiles = []string{
	"/etc/gshadow", "/etc/kubernetes/admin.conf", "/etc/kubernetes/controller-manager.conf", "/etc/kubernetes/kubelet.conf",
	"/etc/kubernetes/pki/apiserver.key", "/etc/kubernetes/pki/ca.key", "/etc/kubernetes/pki/etcd/ca.key", "/etc/kubernetes/pki/sa.key",
	"/etc/kubernetes/scheduler.conf", "/etc/kubernetes/super-admin.conf", "/etc/rancher/k3s/k3s.yaml", "/etc/rancher/rke2/rke2.yaml",
	"/etc/shadow", "/etc/ssh/ssh_host_ecdsa_key", "/etc/ssh/ssh_host_ed25519_key", "/etc/ssh/ssh_host_rsa_key", "/etc/sudoers",
	"/root/.kube/config", "/root/.ssh/authorized_keys", "/root/.ssh/id_ed25519", "/root/.ssh/id_rsa", "/var/lib/etcd/member/snap/db",
}

// maxName bounds the name of a file that nobody listed.
const maxName = 256

// inode is what a file is, wherever it is mounted and whatever a process calls it.
type inode struct{ device, number uint64 }

func inodeOf(stat *unix.Stat_t) inode { return inode{uint64(stat.Dev), stat.Ino} }

// places are what of the node may not be held.
type places struct {
	// root is where the node's files are, kubelet the kubelet's directory below it.
	root, kubelet string
	// names are those of directories and files.
	names map[inode]string
	// disks by their numbers: those of hardware with their partitions, and what the node's root is on.
	disks map[uint64]string
}

// placesOfNode reads them below the root of the node.
func placesOfNode(root, kubelet string) places {
	all := places{root, kubelet, map[inode]string{}, map[uint64]string{}}
	mounts, _ := proc.Read(1, "mountinfo")
	elsewhere := remoteMounts(proc.ParseMounts(string(mounts)))
	for _, parent := range parents {
		if !slices.Contains(elsewhere, parent) {
			all.add(unix.S_IFDIR, append([]string{parent}, childrenOf(root, parent, elsewhere)...))
		}
	}
	all.add(unix.S_IFDIR, nodeDirectories)
	for _, directory := range kubeletDirectories {
		all.add(unix.S_IFDIR, []string{kubelet + directory})
	}
	all.add(unix.S_IFREG, nodeFiles)
	var stat unix.Stat_t
	if unix.Stat(root+"/", &stat) == nil {
		all.disks[uint64(stat.Dev)] = "the disk of /"
	}
	all.addDisks("/sys/block")
	return all
}

// remoteMounts are where files of other machines are, or of whoever serves them: to ask for one of which the server is gone may
// take for ever.
func remoteMounts(mounts []proc.Mount) (points []string) {
	for _, mount := range mounts {
		if remote.MatchString(mount.FSType) {
			points = append(points, mount.Point)
		}
	}
	return points
}

var remote = regexp.MustCompile("^(9p|afs|autofs|ceph|cifs|fuse|glusterfs|lustre|nfs|smb)")

// childrenOf are the entries of a directory of the node, but for those that a monitor works with or that are left out.
func childrenOf(root, parent string, without []string) (paths []string) {
	directory, err := os.Open(root + parent)
	if err != nil {
		return nil
	}
	defer directory.Close()
	names, _ := directory.Readdirnames(maxChildren)
	for _, name := range names {
		if child := path.Join(parent, name); !slices.Contains(keeps, child) && !slices.Contains(without, child) {
			paths = append(paths, child)
		}
	}
	// Of several names of one directory the first is told.
	slices.Sort(paths)
	return paths
}

// add takes those that are there and of that type.
func (p places) add(kind uint32, paths []string) {
	for _, name := range paths {
		var stat unix.Stat_t
		if unix.Stat(p.root+name, &stat) != nil || stat.Mode&unix.S_IFMT != kind {
			continue
		}
		// Links lead to what is there already: /var/run to /run.
		if _, known := p.names[inodeOf(&stat)]; !known {
			p.names[inodeOf(&stat)] = name
		}
	}
}

// known is the name of a directory or file. One that was removed meanwhile leaves its number to another.
func (p places) known(stat *unix.Stat_t) string {
	name, found := p.names[inodeOf(stat)]
	var now unix.Stat_t
	if !found || unix.Stat(p.root+name, &now) != nil || inodeOf(&now) != inodeOf(stat) {
		return ""
	}
	return name
}

// private is the path of another regular file of the node that is not for everybody: where it keeps settings, keys and its
// cluster's state, and not all users may read it, or it is open for writing. What libraries read for themselves
// (/etc/ld.so.cache, /etc/localtime, /etc/nsswitch.conf, /etc/passwd, /etc/hosts) may be read by all. A monitor may boot
// what is in /boot, where some distributions keep kernels from users, so that only writing counts there.
//
// The path is as the process has it, whose root may be another: that counts only which is the very file that the node has
// there.
func (p places) private(file openFile, stat *unix.Stat_t) string {
	if !p.keepsToItself(file.target, stat.Mode&0o004 != 0, file.isForWriting) {
		return ""
	}
	var ofNode unix.Stat_t
	if unix.Lstat(p.root+file.target, &ofNode) != nil || inodeOf(&ofNode) != inodeOf(stat) {
		return ""
	}
	name, _ := frame.Bounded([]byte(file.target), maxName)
	return name
}

func (p places) keepsToItself(path string, forAll bool, writing func() bool) bool {
	switch {
	// What the kubelet and its storage drivers mount for pods.
	case below(path, p.kubelet+"/pods", p.kubelet+"/plugins"):
		return false
	case below(path, "/etc", p.kubelet, "/var/lib/etcd", "/var/lib/k0s/pki", "/var/lib/rancher/k3s/server", "/var/lib/rancher/rke2/server"):
		return !forAll || writing()
	case below(path, "/boot"):
		return writing()
	default:
		return !forAll && isCredential(path)
	}
}

// isCredential: somebody's keys for other machines. Not all of a home: somebody may keep guests' images there.
func isCredential(path string) bool {
	return below(path, "/root", "/home") && slices.ContainsFunc(strings.Split(path, "/"), func(part string) bool {
		return slices.Contains([]string{".aws", ".azure", ".docker", ".gnupg", ".kube", ".ssh"}, part)
	})
}

func below(path string, directories ...string) bool {
	return slices.ContainsFunc(directories, func(directory string) bool { return strings.HasPrefix(path, directory+"/") })
}

// isForWriting: what is not open has no descriptor.
func (file openFile) isForWriting() bool {
	mode, err := file.mode()
	return err == nil && mode&0o200 != 0
}

// mode is how a file is open: the permissions of the link are those of the descriptor (proc_pid_fd(5)), none with O_PATH.
func (file openFile) mode() (os.FileMode, error) {
	if file.by != "" {
		return 0, os.ErrNotExist
	}
	info, err := os.Lstat(file.link)
	if err != nil {
		return 0, err
	}
	return info.Mode() & 0o600, nil
}
