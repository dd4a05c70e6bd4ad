#!/bin/bash
# Installs Caravan's endpoint on the master of a Data Proc cluster and keeps it at the version that the bucket names.
#
# As the cluster's initialization action, on every host, as root:
#   caravan-init.sh s3://BUCKET/PREFIX LOCKBOX-SECRET-ID
# Later, on the master: the same file, which every release brings along as /opt/caravan/endpoint/setup/caravan-endpoint-setup
#   caravan-endpoint-setup upgrade | rollback | status | uninstall [--purge]
#
# A cluster is recreated if the address or an argument of its initialization action changes. So neither names a version: what
# changes lies in the bucket (docs/deploy-cluster.md has the layout), and a boot looks there.
#
# For tests alone: CARAVAN_METADATA, CARAVAN_LOCKBOX and CARAVAN_S3 replace the addresses of the three services.
set -Eeuo pipefail
umask 022
export LC_ALL=C
unset CDPATH

metadata="${CARAVAN_METADATA:-http://169.254.169.254}"
lockbox="${CARAVAN_LOCKBOX:-https://payload.lockbox.api.cloud.yandex.net}"
storage="${CARAVAN_S3:-https://storage.yandexcloud.net}"

home=/opt/caravan              # releases, the Java runtime, and the links to those in use
settings=/etc/caravan          # what the endpoint reads
data=/var/lib/caravan          # what it writes; survives an uninstall
account=caravan                # the user that it and its batches run as
units=/etc/systemd/system
service=caravan-endpoint
setup=setup/caravan-endpoint-setup

token=''
work=''
code=000

say() { echo "caravan-endpoint-setup: $*"; }

die() {
  echo "caravan-endpoint-setup: $*" >&2
  exit 1
}

# Reports what else failed: a line of this file means nothing to the reader of a log, but its command does.
trap 'echo "caravan-endpoint-setup: line $LINENO failed: ${BASH_COMMAND%% *}" >&2' ERR

leave() {
  [ -z "$work" ] || rm -rf "$work"
  rm -rf "$settings/next"
}

# In a chroot, and in a container without systemd, units can be enabled but not started.
has_systemd() { [ -d /run/systemd/system ]; }

# --- The three services

# A token must not travel unencrypted, except within this machine.
require_private() {
  case "$1" in
    https://* | http://127.0.0.1 | http://127.0.0.1:* | http://localhost | http://localhost:*) ;;
    *) die "$1 is not https: a token of the machine's account would be readable on the wire" ;;
  esac
}

# http URL FILE SECONDS [NAME: VALUE] [curl's option...]: one call, repeated a few times while the other side is busy or unreachable.
# Sets $code, 000 without an answer. The header goes to curl by its standard input, since everybody may read a command line.
# Redirects are not followed.
http() {
  local url="$1" file="$2" bound="$3" header="${4:-}"
  shift $(($# < 4 ? $# : 4))
  if [ -n "$header" ]; then header="header = \"$header\""; fi
  # What comes may be a secret.
  code="$(umask 077 && printf '%s\n' "$header" |
    curl --config - --silent --globoff --connect-timeout 5 --max-time "$bound" --speed-limit 1000 --speed-time 30 \
      --retry 4 --retry-delay 2 --retry-max-time "$bound" --retry-connrefused \
      --output "$file" --write-out '%{http_code}' "$@" "$url")" || code=000
}

answered() {
  case "$1" in
    000) echo "no answer" ;;
    401 | 403) echo "it answered $1: the cluster's service account lacks a role" ;;
    *) echo "it answered $1" ;;
  esac
}

# The string of a key in a JSON object, if it consists of harmless characters: json_text KEY <JSON
json_text() {
  tr -d '\r\n' | sed -n 's/\\\//\//g; s/.*"'"$1"'"[[:space:]]*:[[:space:]]*"\([A-Za-z0-9._~+\/=-]*\)".*/\1/p'
}

# The token of the machine's service account, from the only place that knows it.
authenticate() {
  [ -z "$token" ] || return 0
  # A boot may be here before the network is.
  http "$metadata/computeMetadata/v1/instance/service-accounts/default/token" "$work/token" 60 'Metadata-Flavor: Google' --noproxy '*'
  [ "$code" = 200 ] || die "the metadata server $metadata gives no token of this machine's account: $(answered "$code")"
  token="$(json_text access_token <"$work/token")"
  rm -f "$work/token"
  [ -n "$token" ] || die "the metadata server $metadata gives no token of this machine's account: it answered something else"
}

object_url() { echo "$storage/${1#s3://}"; }

# fetch ADDRESS FILE SECONDS: 0 if the object is there, 1 if it isn't. Every other answer ends this program: an object that can't
# be read must not be taken for one that nobody wants.
fetch() {
  authenticate
  http "$(object_url "$1")" "$2.part" "$3" "X-YaCloud-SubjectToken: $token"
  case "$code" in
    200)
      mv "$2.part" "$2"
      return 0
      ;;
    404)
      rm -f "$2.part"
      return 1
      ;;
    *) die "$1 can't be read: $(answered "$code")" ;;
  esac
}

# store FILE ADDRESS: puts an object there unless it is already.
store() {
  if fetch "$2" "$work/stored" 30 && cmp -s "$1" "$work/stored"; then return 0; fi
  http "$(object_url "$2")" "$work/answer" 30 "X-YaCloud-SubjectToken: $token" --upload-file "$1"
  [ "$code" = 200 ] || die "$2 can't be written: $(answered "$code")"
  say "$2 is written"
}

# Sets $sum, the SHA-256 that stands beside an object; 1 if none does: fetch_sum ADDRESS
fetch_sum() {
  if ! fetch "$1.sha256" "$work/sum" 30; then return 1; fi
  read -r sum _ <"$work/sum" || true
  [[ "$sum" =~ ^[0-9a-f]{64}$ ]] || die "$1.sha256 does not begin with a SHA-256 in 64 small hexadecimal digits"
}

# fetch_checked ADDRESS FILE: the object of that sum.
fetch_checked() {
  local found
  fetch "$1" "$2" 300 || die "$1 is missing, although $1.sha256 is there"
  found="$(sha256sum <"$2" | cut -d ' ' -f 1)"
  [ "$found" = "$sum" ] || die "$1 is damaged or was replaced: its SHA-256 is $found, but $1.sha256 says $sum"
}

# --- What is installed

# Names of the cluster and of the places in the bucket, as the initialization action was called.
read_place() {
  local key value
  [ -r "$settings/setup.conf" ] || die "$settings/setup.conf is missing: nothing is installed here by the initialization action"
  while IFS='=' read -r key value; do
    case "$key" in
      prefix) prefix="$value" ;;
      secret) secret="$value" ;;
      cluster) cluster="$value" ;;
      own) own="$value" ;;
    esac
  done <"$settings/setup.conf"
}

write_place() {
  local bucket path
  bucket="${prefix#s3://}"
  path="${bucket#*/}"
  bucket="${bucket%%/*}"
  # What the master writes goes to the cluster's own bucket, so that its account needs no right to write where releases lie.
  own="s3://${S3_BUCKET:-$bucket}/$path"
  printf '%s\n' "# Written by the initialization action." \
    "prefix=$prefix" "secret=$secret" "cluster=$cluster" "own=$own" >"$work/setup.conf"
  put_file "$work/setup.conf" "$settings/setup.conf"
}

# put_file FROM TO: takes the place of a file at once, unless that is the same already.
put_file() {
  if [ -f "$2" ] && cmp -s "$1" "$2"; then return 0; fi
  cp "$1" "$2.new"
  chmod 644 "$2.new"
  mv -f "$2.new" "$2"
}

# Switches a link at once: switch_link LINK TARGET
switch_link() {
  if [ "$(readlink "$1" 2>/dev/null)" = "$2" ]; then return 0; fi
  ln -sfn "$2" "$1.new"
  mv -Tf "$1.new" "$1"
}

linked() { readlink "$home/$1" 2>/dev/null || true; }

version_of() {
  local name="${1#endpoint-}"
  echo "${name%~*}"
}

# --- Java

java_version() {
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null | head -n 1
}

usable_java() {
  local number
  [ -x "$1/bin/java" ] && [ -x "$1/bin/keytool" ] || return 1
  number="$(java_version "$1")"
  [ "${number:-0}" -ge 17 ]
}

# Sets $java, the home of a Java 17 that is the endpoint's alone. Spark must never get it: it needs the image's own, whose options a
# Java 17 refuses. So nothing is installed as a package, which would also register itself as an alternative of `java`.
choose_java() {
  local candidate archive="$prefix/endpoint/jre-17.tar.gz"
  if fetch_sum "$archive"; then
    java="$home/jre-${sum:0:12}"
    if usable_java "$java"; then return 0; fi
    fetch_checked "$archive" "$work/jre.tar.gz"
    mkdir "$work/jre"
    tar -xzf "$work/jre.tar.gz" -C "$work/jre" --strip-components=1 --no-same-owner || die "$archive can't be unpacked"
    usable_java "$work/jre" ||
      die "$archive holds no Java 17 or later: its one top directory must have bin/java, bin/keytool and release"
    rm -rf "$java"
    mv "$work/jre" "$java"
    say "Java $(java_version "$java") comes from the bucket"
    return 0
  fi
  for candidate in "$(linked jre)" /usr/lib/jvm/*; do
    if usable_java "$candidate"; then
      java="$candidate"
      return 0
    fi
  done
  java="$home/jre-apt"
  if unpack_apt_java && usable_java "$java"; then
    say "Java $(java_version "$java") comes from the package mirror"
    return 0
  fi
  die "there is no Java 17: put one as jre-17.tar.gz, with jre-17.tar.gz.sha256, into $prefix/endpoint/, or open the way to the package mirror (port 80)"
}

# Debian's and Ubuntu's package, unpacked and not installed.
unpack_apt_java() {
  local package=openjdk-17-jre-headless unpacked link
  local -a get=(apt-get -q -o Acquire::Retries=1 -o Acquire::http::Timeout=15 -o APT::Sandbox::User=root)
  command -v apt-get >/dev/null || return 1
  mkdir "$work/apt"
  # Lists that are old may name a file that the mirror has no more.
  timeout -k 5 120 "${get[@]}" update >"$work/apt.log" 2>&1 || say "the package lists can't be renewed"
  (cd "$work/apt" && timeout -k 5 180 "${get[@]}" download "$package" >>"$work/apt.log" 2>&1) || {
    say "apt-get download $package failed: $(grep -v '^$' "$work/apt.log" | tail -n 1)"
    return 1
  }
  dpkg-deb -x "$work/apt/$package"_*.deb "$work/apt" || return 1
  unpacked="$(find "$work/apt/usr/lib/jvm" -mindepth 1 -maxdepth 1 -type d -name 'java-17-openjdk-*' | head -n 1)"
  [ -n "$unpacked" ] || return 1
  # Its settings are links to where the package manager would have put them.
  while IFS= read -r link; do
    cp --remove-destination "$work/apt$(readlink "$link")" "$link"
  done < <(find "$unpacked" -type l -lname '/etc/java-17-openjdk/*')
  if [ ! -e "$unpacked/lib/security/cacerts" ]; then
    say "the machine has no /etc/ssl/certs/java/cacerts, which Debian's Java needs"
    return 1
  fi
  rm -rf "$home/jre-apt"
  mv "$unpacked" "$home/jre-apt"
}

# --- A release

# Sets $release, the directory of the release that the bucket has now, whole and with its class archive.
fetch_release() {
  local version="$1" name top tarball file place
  name="caravan-endpoint-$version"
  tarball="$prefix/endpoint/$name.tar.gz"
  fetch_sum "$tarball" || die "$prefix/endpoint/version wants $version, but there is no $tarball.sha256"
  release="$home/endpoint-$version"
  # A snapshot that was built again: those in use and before stay as they are until the other has proved itself.
  case "endpoint-$version" in
    "$(linked endpoint)" | "$(linked former)") release="$release~${sum:0:8}" ;;
  esac
  for place in "$home/endpoint-$version" "$home/endpoint-$version~${sum:0:8}"; do
    if [ "$(cat "$place/.sum" 2>/dev/null)" = "$sum" ]; then
      release="$place"
      archive_classes
      return 0
    fi
  done
  fetch_checked "$tarball" "$work/release.tar.gz"
  top="$(tar -tzf "$work/release.tar.gz" 2>/dev/null | cut -d / -f 1 | sort -u)" || die "$tarball can't be unpacked"
  [ "$top" = "$name" ] || die "$tarball is no release of the endpoint: its only top directory must be $name, but it has: ${top//$'\n'/ }"
  tar -xzf "$work/release.tar.gz" -C "$work" --no-same-owner || die "$tarball can't be unpacked"
  for file in caravan-endpoint caravan-cluster-endpoint.jar lib "$setup" "setup/$service.service" "setup/$service-upgrade.service"; do
    [ -e "$work/$name/$file" ] || die "$tarball is no release of the endpoint: $file is missing"
  done
  echo "$sum" >"$work/$name/.sum"
  rm -rf "$release"
  mv "$work/$name" "$release"
  say "$version is unpacked"
  archive_classes
}

# The archive holds the paths of its jars, so it is made where the release stays; and one Java's is nothing to another.
archive_classes() {
  local made="$release/caravan-cluster-endpoint.jsa"
  if [ -f "$made" ] && [ "$(cat "$release/.java" 2>/dev/null)" = "$java" ]; then return 0; fi
  # It starts an endpoint for a moment: not as root.
  rm -f "$made"
  chown "$account" "$release"
  if ! as_account timeout -k 5 120 env CARAVAN_JAVA="$java/bin/java" "$release/caravan-endpoint" --archive >"$work/archive.log" 2>&1; then
    chown root "$release"
    sed 's/^/  /' "$work/archive.log" | tail -n 5
    die "the endpoint $(version_of "${release##*/}") doesn't run with the Java in $java"
  fi
  chown root:root "$release" "$made"
  chmod 644 "$made"
  echo "$java" >"$release/.java"
}

as_account() { (become_account "$@"); }

# Takes the place of this shell, so that who starts it in the background knows its number.
become_account() {
  cd /
  exec setpriv --reuid "$account" --regid "$account" --init-groups --no-new-privs \
    env -i HOME="$data" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "$@"
}

# --- Settings

# A user of its own: whatever a batch does, it does as this user, and nothing else on the master is this user's.
ensure_account() {
  if ! id "$account" >/dev/null 2>&1; then
    useradd --system --user-group --home-dir "$data" --no-create-home --shell /usr/sbin/nologin "$account"
  fi
  install -d -o "$account" -g "$account" -m 700 "$data"
  install -d -m 755 "$settings"
}

# secret_file NAME <TEXT: for the endpoint's eyes alone, complete or not there.
secret_file() {
  (umask 077 && cat >"$settings/next/$1")
  chown "$account:$account" "$settings/next/$1"
}

# What a candidate changes lies in a directory of its own until it has proved itself.
staged() {
  if [ -e "$settings/next/$1" ]; then echo "$settings/next/$1"; else echo "$settings/$1"; fi
}

write_settings() {
  local host="$1"
  cat >"$settings/next/endpoint.properties" <<TEXT
# Written by caravan-endpoint-setup at each boot; changes made here are lost. Your own settings go to
# $prefix/endpoint/endpoint.properties, which takes precedence.
endpoint.host=0.0.0.0
endpoint.data-dir=$data/endpoint
endpoint.ready-file=/run/caravan/endpoint.ready
endpoint.allowed-files=${prefix/#s3:/s3a:}/jars/
endpoint.credentials-file=$settings/credentials.properties
endpoint.tls-keystore=$settings/identity.p12
endpoint.tls-password-file=$settings/identity.password
endpoint.yarn-rm=http://$host:8088
endpoint.logs-to=$own/logs
endpoint.cluster-id=$cluster
TEXT
  if ! fetch "$prefix/endpoint/endpoint.properties" "$settings/next/operator.properties" 30; then
    echo "# $prefix/endpoint/endpoint.properties does not exist." >"$settings/next/operator.properties"
  fi
  chmod 644 "$settings/next/endpoint.properties" "$settings/next/operator.properties"
}

# The token that Caravan shows, from Lockbox. It must be one word, since it becomes a line of a properties file.
write_credentials() {
  local value
  authenticate
  http "$lockbox/lockbox/v1/secrets/$secret/payload" "$work/payload" 30 "Authorization: Bearer $token"
  [ "$code" = 200 ] || die "Lockbox doesn't hand out the secret $secret: $(answered "$code")"
  value="$(tr -d '\r\n' <"$work/payload" | tr '}' '\n' | grep '"key"[[:space:]]*:[[:space:]]*"endpoint-token"' | json_text textValue || true)"
  rm -f "$work/payload"
  [ "${#value}" -ge 16 ] ||
    die "the secret $secret in Lockbox needs an entry endpoint-token: a text of 16 or more of the characters A-Z a-z 0-9 . _ ~ + / = -"
  printf 'bearer.orchestrator=%s\n' "$value" | secret_file credentials.properties
}

# The certificate holds the host's name. It is renewed when the name changes, as it does with a new master, and in time.
write_identity() {
  local host="$1" said until password
  if [ -f "$settings/identity.p12" ] && [ -f "$settings/identity.password" ] && [ -f "$settings/identity.pem" ]; then
    said="$(TZ=UTC "$java/bin/keytool" -J-Duser.language=en -J-Duser.country=US -printcert -file "$settings/identity.pem" 2>/dev/null || true)"
    until="$(sed -n 's/^Valid from: .* until: //p' <<<"$said" | head -n 1)"
    if grep -qxF "  DNSName: $host" <<<"$said" && [ -n "$until" ] &&
      [ "$(date -d "$until" +%s)" -gt $(($(date +%s) + 30 * 24 * 3600)) ]; then
      return 0
    fi
  fi
  password="$(head -c 32 /dev/urandom | sha256sum | cut -d ' ' -f 1)"
  printf '%s\n' "$password" | secret_file identity.password
  as_account "$java/bin/keytool" -genkeypair -alias endpoint -keyalg EC -groupname secp256r1 -validity 825 -dname "CN=$host" \
    -ext "SAN=dns:$host" -ext KU=digitalSignature -ext EKU=serverAuth \
    -storetype PKCS12 -keystore "$settings/next/made/identity.p12" -storepass:file "$settings/next/identity.password" >"$work/keytool.log" 2>&1 ||
    die "keytool makes no key: $(tail -n 1 "$work/keytool.log")"
  as_account "$java/bin/keytool" -exportcert -rfc -alias endpoint -keystore "$settings/next/made/identity.p12" \
    -storepass:file "$settings/next/identity.password" >"$settings/next/identity.pem" 2>"$work/keytool.log" ||
    die "keytool exports no certificate: $(tail -n 1 "$work/keytool.log")"
  mv "$settings/next/made/identity.p12" "$settings/next/identity.p12"
  chmod 600 "$settings/next/identity.p12"
  say "the certificate of $host is made"
}

# The full name, by which Caravan calls the endpoint. A resolver that fails for once must not bring a certificate for another name.
host_name() {
  local name
  name="$(hostname -f 2>/dev/null)" || die "the host's full name can't be found: hostname -f failed"
  [[ "$name" =~ ^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$ ]] || die "the host's full name can't be found: hostname -f says '$name'"
  echo "$name"
}

# --- Trying a release

# trial HOST: starts the candidate with the settings that it shall have, on loopback, away from the data and from the cloud, and asks it.
trial() {
  local host="$1" directory="$work/trial" process port='' pause
  install -d -o "$account" -g "$account" -m 700 "$directory"
  # Only this user may read its password, and only root may get into the directory of the work.
  chmod 711 "$work"
  become_account env CARAVAN_JAVA="$java/bin/java" "$release/caravan-endpoint" \
    "--config=$(staged endpoint.properties)" "--config=$(staged operator.properties)" \
    "--endpoint.credentials-file=$(staged credentials.properties)" "--endpoint.tls-keystore=$(staged identity.p12)" \
    "--endpoint.tls-password-file=$(staged identity.password)" --endpoint.host=127.0.0.1 --endpoint.port=0 \
    "--endpoint.data-dir=$directory/data" "--endpoint.ready-file=$directory/ready" \
    --endpoint.cluster-id= --endpoint.logs-to= --endpoint.spark-submit=/bin/true >"$work/trial.log" 2>&1 </dev/null 9>&- &
  process=$!
  for ((pause = 0; pause < 300; pause++)); do
    port="$(sed -n 's/.*"port":\([0-9]*\).*/\1/p' "$directory/ready" 2>/dev/null || true)"
    if [ -n "$port" ] || ! kill -0 "$process" 2>/dev/null; then break; fi
    sleep 0.2
  done
  code=000
  if [ -n "$port" ]; then
    # The first TLS handshake of a JVM takes its time on a busy master, and curl counts it as connecting.
    http "https://$host:$port/health" "$work/health" 20 \
      "Authorization: Bearer $(sed -n 's/^bearer\.orchestrator=//p' "$(staged credentials.properties)")" \
      --noproxy '*' --resolve "$host:$port:127.0.0.1" --cacert "$(staged identity.pem)" --retry 0 --connect-timeout 20
  fi
  kill "$process" 2>/dev/null || true
  for ((pause = 0; pause < 100; pause++)); do
    kill -0 "$process" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$process" 2>/dev/null || true
  wait "$process" 2>/dev/null || true
  case "$code" in
    # Not ready for batches is fine: the cluster may still be starting.
    200 | 503) return 0 ;;
  esac
  tail -n 5 "$work/trial.log" | sed 's/^/  /'
  if [ -z "$port" ]; then
    die "the endpoint $(version_of "${release##*/}") doesn't start with these settings; its last lines are above"
  fi
  die "the endpoint $(version_of "${release##*/}") starts, but GET /health was answered with $code (000: not at all)"
}

# --- Taking a release into use

# activate: makes $release with $java the one in use. Until the trial has gone well nothing changes that the release in use reads.
activate() {
  local host current changed=no file unit
  host="$(host_name)"
  rm -rf "$settings/next"
  install -d -m 755 "$settings/next"
  install -d -o "$account" -g "$account" -m 700 "$settings/next/made"
  write_credentials
  write_settings "$host"
  write_identity "$host"
  rm -rf "$settings/next/made"
  current="$(linked endpoint)"
  for file in endpoint.properties operator.properties credentials.properties identity.p12; do
    if [ -e "$settings/next/$file" ] && ! cmp -s "$settings/next/$file" "$settings/$file"; then changed=yes; fi
  done
  if [ "$current" != "${release##*/}" ] || [ "$(linked jre)" != "$java" ]; then changed=yes; fi
  if [ "$changed" = yes ]; then trial "$host"; fi
  # Caravan trusts what it finds here; it must be there before the endpoint shows it.
  store "$(staged identity.pem)" "$own/endpoint/$cluster.pem"
  for file in "$settings/next/"*; do
    if [ -f "$settings/${file##*/}" ] && cmp -s "$file" "$settings/${file##*/}"; then continue; fi
    mv -f "$file" "$settings/${file##*/}"
  done
  rm -rf "$settings/next"
  switch_link "$home/jre" "$java"
  if [ -n "$current" ] && [ "$current" != "${release##*/}" ] && [ -d "$home/$current" ]; then
    switch_link "$home/former" "$current"
  fi
  switch_link "$home/endpoint" "${release##*/}"
  for unit in "$release"/setup/*.service; do
    cp "$unit" "$work/${unit##*/}"
    if ! cmp -s "$unit" "$units/${unit##*/}"; then changed=yes; fi
    put_file "$work/${unit##*/}" "$units/${unit##*/}"
  done
  systemctl --quiet enable "$service.service" "$service-upgrade.service"
  remove_unused
  if ! has_systemd; then return 0; fi
  if [ "$changed" = yes ]; then systemctl daemon-reload; fi
  # A boot starts the endpoint when this is done, and waiting for it here would be waiting for ourselves.
  if [ "$at_boot" = yes ]; then return 0; fi
  if [ "$changed" = yes ] || ! systemctl --quiet is-active "$service.service"; then
    systemctl reset-failed "$service.service" 2>/dev/null || true
    systemctl restart "$service.service" || die "the endpoint doesn't start: see journalctl -u $service"
  fi
}

# Releases and runtimes that no link names.
remove_unused() {
  local place
  for place in "$home"/endpoint-* "$home"/jre-*; do
    [ -d "$place" ] || continue
    case "${place##*/}" in
      "$(linked endpoint)" | "$(linked former)") continue ;;
    esac
    if [ "$place" = "$(linked jre)" ]; then continue; fi
    rm -rf "$place"
  done
}

# The release's own script does the rest: it knows its settings and units.
hand_over() {
  local former="$1"
  if "$release/$setup" activate "${release##*/}" "$java" "$at_boot"; then return 0; fi
  if [ "$(linked endpoint)" = "${release##*/}" ] && [ -n "$former" ] && [ "$former" != "${release##*/}" ]; then
    say "$(version_of "${release##*/}") doesn't run; going back to $(version_of "$former")"
    refuse_release
    release="$home/$former"
    "$release/$setup" activate "$former" "$java" "$at_boot" || die "the former version doesn't run either"
    rm -f "$home/former"
    die "the version that the bucket wants doesn't run, so the former one is in use"
  fi
  if [ -n "$former" ]; then die "$(version_of "$former") stays in use"; fi
  exit 1
}

# A tarball that was tried and failed is not tried again at each boot; a mended one has another sum.
refuse_release() {
  cp "$release/.sum" "$home/refused.new"
  mv -f "$home/refused.new" "$home/refused"
}

wanted_version() {
  fetch "$prefix/endpoint/version" "$work/version" 30 || die "$prefix/endpoint/version is missing: it names the version to install"
  read -r wanted <"$work/version" || true
  wanted="${wanted%$'\r'}"
  [[ "$wanted" =~ ^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$ ]] || die "$prefix/endpoint/version doesn't hold a version in its first line"
}

bring_up_to_date() {
  local former
  wanted_version
  former="$(linked endpoint)"
  choose_java
  fetch_release "$wanted"
  if [ -n "$former" ] && [ "$(cat "$home/refused" 2>/dev/null)" = "$sum" ]; then
    die "$wanted was rolled back here and is not tried again: name another version in $prefix/endpoint/version, or upload a mended tarball; $(version_of "$former") stays in use"
  fi
  rm -f "$home/refused"
  hand_over "$former"
  if [ "$former" = "$(linked endpoint)" ]; then say "$wanted is up to date"; else say "$wanted is in use"; fi
}

# One at a time; a boot and a person may come together.
begin() {
  require_root
  require_private "$storage"
  require_private "$lockbox"
  # Metadata is plain HTTP within the host.
  case "$metadata" in
    http://169.254.169.254) ;;
    *) require_private "$metadata" ;;
  esac
  mkdir -p "$home"
  exec 9>"$home/.lock"
  flock -w 240 9 || die "another setup of the endpoint has been running for minutes"
  # Of one that was killed.
  rm -rf "$home"/.work-*
  work="$(mktemp -d "$home/.work-XXXXXX")"
  trap leave EXIT
}

require_root() {
  [ "$(id -u)" = 0 ] || die "this must be run as root"
}

# --- Commands

install_here() {
  ROLE="${ROLE:-}"
  case "${ROLE,,}" in
    masternode) ;;
    computenode | datanode)
      say "nothing to do on a $ROLE"
      return 0
      ;;
    *) die "ROLE is '$ROLE', but an initialization action of Data Proc is given masternode, datanode or computenode" ;;
  esac
  prefix="${1%/}"
  secret="$2"
  cluster="${CLUSTER_ID:-}"
  [[ "$prefix" =~ ^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$ ]] ||
    die "the first argument must be of the form s3://BUCKET/PREFIX, but it is '$prefix'"
  [[ "$secret" =~ ^[A-Za-z0-9_-]{1,64}$ ]] || die "the second argument must be the id of a Lockbox secret, but it is '$secret'"
  [[ "$cluster" =~ ^[A-Za-z0-9_-]{1,50}$ ]] || die "CLUSTER_ID is '$cluster', which is no id of a cluster"
  [[ "${S3_BUCKET:-abc}" =~ ^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$ ]] || die "S3_BUCKET is '${S3_BUCKET:-}', which is no name of a bucket"
  begin
  ensure_account
  write_place
  bring_up_to_date
}

upgrade() {
  begin
  read_place
  bring_up_to_date
}

# rollback [--automatic]: back to the former release; the one in use is not installed again until the bucket has another.
rollback() {
  local former current
  begin
  read_place
  current="$(linked endpoint)"
  former="$(linked former)"
  if [ -z "$former" ] || [ ! -d "$home/$former" ]; then die "there is no former version to go back to"; fi
  # One that has run here fails for another reason, and the former would fail as well.
  if [ "${1:-}" = --automatic ] && [ "$(cat "$data/started" 2>/dev/null)" = "$current" ]; then
    die "$(version_of "$current") has run here before, so going back would not help: see journalctl -u $service"
  fi
  release="$home/$current"
  refuse_release
  java="$(linked jre)"
  release="$home/$former"
  "$release/$setup" activate "$former" "$java" no || die "$(version_of "$former") can't be taken into use"
  rm -f "$home/former"
  say "$(version_of "$former") is in use again"
}

# ExecStartPost: the unit has started when the endpoint answers, and not before.
await() {
  local pause ready=/run/caravan/endpoint.ready
  [ -n "${MAINPID:-}" ] || die "await is for the unit: MAINPID is not set"
  for ((pause = 0; pause < 450; pause++)); do
    if grep -qs "\"pid\":${MAINPID}[,}]" "$ready"; then
      linked endpoint >"$data/started.new" && mv -f "$data/started.new" "$data/started"
      return 0
    fi
    kill -0 "$MAINPID" 2>/dev/null || die "the endpoint ended before it was ready"
    sleep 0.2
  done
  die "the endpoint was not ready within 90 seconds"
}

status() {
  local said
  read_place
  echo "installed: $(version_of "$(linked endpoint)")"
  echo "former:    $(version_of "$(linked former)")"
  echo "java:      $(linked jre)"
  echo "releases:  $prefix/endpoint/"
  echo "published: $own/endpoint/$cluster.pem"
  if [ -f "$settings/identity.pem" ]; then
    said="$("$home/jre/bin/keytool" -J-Duser.language=en -J-Duser.country=US -printcert -file "$settings/identity.pem")"
    sed -n 's/^Owner: CN=/host:      /p; s/^Valid from: .* until: /valid to:  /p' <<<"$said"
  fi
  if has_systemd; then
    echo "state:     $(systemctl is-active "$service.service" || true)"
  else
    echo "state:     unknown, there is no systemd"
  fi
}

# uninstall [--purge]
uninstall() {
  local unit
  require_root
  case "${1:-}" in
    '' | --purge) ;;
    *) die "uninstall takes only --purge, but was given '$1'" ;;
  esac
  for unit in "$service" "$service-upgrade" "$service-rollback"; do
    [ -e "$units/$unit.service" ] || continue
    if has_systemd && [ "$unit" = "$service" ]; then systemctl stop "$unit.service"; fi
    systemctl --quiet disable "$unit.service" 2>/dev/null || true
    rm -f "$units/$unit.service"
  done
  if has_systemd; then systemctl daemon-reload; fi
  rm -rf "$home" /run/caravan
  if [ "${1:-}" = --purge ]; then
    rm -rf "$settings" "$data" "/tmp/hsperfdata_$account"
    userdel "$account" 2>/dev/null || say "the user $account still has processes and stays"
    say "removed, with settings and data"
  else
    say "removed; $settings and $data stay (uninstall --purge removes them, too)"
  fi
}

main() {
  at_boot=no
  case "${1:-}" in
    s3://*)
      [ $# -eq 2 ] || die "usage: caravan-init.sh s3://BUCKET/PREFIX LOCKBOX-SECRET-ID"
      install_here "$@"
      ;;
    upgrade)
      case "${2:-}" in
        '') ;;
        --boot) at_boot=yes ;;
        *) die "upgrade takes no argument but --boot, and was given '$2'" ;;
      esac
      upgrade
      ;;
    # Within an upgrade, by the script of the release that shall be used.
    activate)
      [ $# -eq 4 ] || die "activate is called by upgrade alone"
      read_place
      release="$home/$2"
      java="$3"
      at_boot="$4"
      work="$(mktemp -d "$home/.work-XXXXXX")"
      trap leave EXIT
      activate
      ;;
    rollback) rollback "${2:-}" ;;
    await) await ;;
    status) status ;;
    uninstall) uninstall "${2:-}" ;;
    *) die "usage: caravan-init.sh s3://BUCKET/PREFIX LOCKBOX-SECRET-ID, or: caravan-endpoint-setup upgrade | rollback | status | uninstall [--purge]" ;;
  esac
}

main "$@"
