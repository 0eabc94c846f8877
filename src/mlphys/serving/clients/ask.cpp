// usage: ask HOST PORT TOKEN_FILE MODEL BODY_FILE     (POSIX sockets; build: c++ -std=c++17 -o ask ask.cpp)
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>

static std::string read_file(const char* name) {
    std::ifstream file(name, std::ios::binary);
    if (!file) throw std::runtime_error(std::string("cannot read ") + name);
    return {std::istreambuf_iterator<char>(file), {}};
}

static int connect_to(const char* host, const char* port) {
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host, port, &hints, &found)) throw std::runtime_error("unknown host");
    int sock = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    int failed = sock < 0 || connect(sock, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    if (failed) throw std::runtime_error("cannot connect");
    return sock;
}

int main(int argc, char** argv) try {
    if (argc != 6) throw std::runtime_error("usage: ask HOST PORT TOKEN_FILE MODEL BODY_FILE");
    std::string token = read_file(argv[3]), body = read_file(argv[5]);
    token.erase(token.find_last_not_of(" \r\n") + 1);
    std::string request = std::string("POST /models/") + argv[4] + " HTTP/1.1\r\n" +
        "Host: " + argv[1] + ":" + argv[2] + "\r\n" + "Authorization: Bearer " + token + "\r\n" +
        "Content-Type: application/json\r\n" + "Connection: close\r\n" +
        "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    int sock = connect_to(argv[1], argv[2]);
    for (size_t sent = 0; sent < request.size();) {
        ssize_t count = send(sock, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) throw std::runtime_error("the connection broke");
        sent += count;
    }
    std::string answer;
    char piece[4096];
    for (ssize_t count; (count = recv(sock, piece, sizeof piece, 0)) > 0;) answer.append(piece, count);
    close(sock);
    std::cout << answer.substr(answer.find("\r\n\r\n") + 4) << "\n";
    return answer.compare(9, 3, "200") ? 1 : 0;
} catch (const std::exception& fault) {
    std::cerr << "ask: " << fault.what() << "\n";
    return 2;
}
